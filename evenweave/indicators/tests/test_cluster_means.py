"""The mean of the factories' rates in a cluster, kept as releases happen."""

from fractions import Fraction

from evenweave.indicators.rules import SHARES, Rate, in_shares, mean_of_shares


def test_shares_hold_the_rates_of_up_to_twelve_points_exactly():
    for assessed in range(1, 13):
        for noncompliant in range(assessed + 1):
            assert Fraction(in_shares(Rate(noncompliant, assessed)), SHARES) == Fraction(noncompliant, assessed)


def test_the_mean_is_that_of_the_factories_not_of_the_points():
    # 1 of 2 points, 0 of 8, 3 of 4: the mean is 5/12; over all 14 points together it would be 4/14.
    shares = in_shares(Rate(1, 2)) + in_shares(Rate(0, 8)) + in_shares(Rate(3, 4))
    assert mean_of_shares(shares, 3) == Fraction(5, 12)
    assert mean_of_shares(0, 0) is None
