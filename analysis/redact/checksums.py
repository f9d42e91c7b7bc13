"""Check digits that tell a health number from any other number of the same length."""


def nhs_valid(digits: str) -> bool:
    """Say whether ten digits are an NHS number (England, Wales): modulus 11.

    The first nine weigh 10 down to 2; eleven less the remainder is the tenth (11 gives 0, and no
    number has 10). Source: NHS Data Dictionary, NHS NUMBER.
    """
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return (11 - total % 11) % 11 == int(digits[9])


def luhn_valid(digits: str) -> bool:
    """Say whether digits end in a Luhn check digit (modulus 10), as an Ontario health number does.

    From the right every second digit is doubled, its digits added; the sum ends in 0.
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return len(set(digits)) > 1 and total % 10 == 0


def nir_valid(digits: str) -> bool:
    """Say whether 15 digits are a French social security number: 97 less the rest by 97."""
    return (
        len(digits) == 15 and digits[0] in "1278" and 97 - int(digits[:13]) % 97 == int(digits[13:])
    )
