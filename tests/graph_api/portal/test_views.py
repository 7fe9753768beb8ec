from graph_api.portal.labels import Text
from graph_api.portal.views import EntityView, Source, Support

SAID = (Text("Operates"), Text("DLA"))


def test_statements_read_in_the_same_way_are_grouped() -> None:
    one = Support("a", *SAID, rule="r", confidence=0.9, reviewed=False)
    two = Support("b", Text("Created in"), Text("2002"), rule="r", confidence=0.9, reviewed=False)
    noted = Support("c", *SAID, rule="", confidence=None, reviewed=True)
    assert one.reading == two.reading
    assert noted.reading < one.reading  # they can be sorted, as grouping needs


def test_views_are_values() -> None:
    view = EntityView("https://x.example/id/actor/a", "actor", "a", "fr", Text("A"))
    assert view == EntityView("https://x.example/id/actor/a", "actor", "a", "fr", Text("A"))
    assert hash(Source(1)) == hash(Source(1))
