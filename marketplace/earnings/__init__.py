"""What sellers are told about the money that is theirs. Owns words only; the money is escrow's."""
