"""``endpoint``: the address of our SPARQL service over a small graph of programmes."""

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from tests.graph_api.published import Publisher
from tests.graph_api.served import serving

DATA = """
@prefix e: <http://e/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
e:graph-sheets {
  e:relay a e:Programme ; skos:prefLabel "Relais d’été"@fr, "Summer relay"@en ; e:budget 1200 ;
    e:share 12.5 ; e:since "2021-03-01"^^xsd:date ; e:open true ; e:partOf e:house .
  e:loan a e:Programme ; skos:prefLabel "Prêt, dit « le petit »"@fr ; e:budget 800 ;
    e:note "two lines\\nand a tab\\t, a comma and \\"quotes\\" 😀" ; e:partOf e:house .
  e:house a e:Actor ; skos:prefLabel "La maison"@fr .
}
e:graph-tables {
  e:house skos:prefLabel "The house"@en .
  e:third a e:Programme ; e:partOf e:loan .
}
"""


@pytest.fixture(scope="package")  # others count the processes below this one
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("clients")
    Publisher(data, ox.parse(DATA, format=ox.RdfFormat.TRIG)).publish()
    with serving(data) as web:
        yield web.endpoint
