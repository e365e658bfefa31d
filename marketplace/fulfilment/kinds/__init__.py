"""The ways of handing over, one package each: shipping and pickup. Voucher, appointment and course get their own beside them."""
