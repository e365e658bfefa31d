"""A benchmark tells its ratio and warns when it is poor. A timing never fails a test: the machine may be busy."""

import warnings


def tell(what: str, ratio: float, *, at_least: float) -> None:
    """Print the ratio; warn when it is below what a quiet machine shows."""
    print(f"\n{what}: ratio {ratio:.2f} (a quiet machine shows at least {at_least:g})")
    if ratio < at_least:
        warnings.warn(f"{what}: ratio {ratio:.2f} is below {at_least:g}", stacklevel=2)
