"""Names of plugins that nobody knows."""

from allegedly.schemas import plugins


def test_unknown_names_list_the_known_ones():
    assert plugins.unknown("reader", "htm", ["html", "csv"]) == (
        "unknown reader 'htm'; did you mean 'html'? Known: csv, html."
    )
    assert plugins.unknown("reader", "xyz", ["html", "csv"]) == "unknown reader 'xyz'. Known: csv, html."
