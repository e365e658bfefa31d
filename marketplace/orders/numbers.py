"""The number people read aloud: S-4821-3077. A bijection of the row's id, so it is unique without being countable."""

MODULUS = 99_999_989  # the largest prime below 10**8
FACTOR = 61_803_397
INVERSE = pow(FACTOR, -1, MODULUS)


def number_of(row_id: int) -> str:
    digits = f"{row_id * FACTOR % MODULUS:08d}"
    return f"S-{digits[:4]}-{digits[4:]}"


def row_id_of(number: str) -> int | None:
    digits = "".join(character for character in number if character.isascii() and character.isdigit())
    if len(digits) != 8:
        return None
    return int(digits) * INVERSE % MODULUS or None
