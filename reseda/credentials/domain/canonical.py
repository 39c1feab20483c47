"""One text for one meaning: RDFC-1.0 canonical N-Quads of a JSON-LD document, in bounded time."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import factorial, prod
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    parse,
    serialize,
)

from reseda.credentials.domain.refusals import Refusal

# RDFC-1.0 (section 7.1) names look-alike nodes by trying the orders of their look-alike
# neighbours, node after node. Real credentials need one order; these bounds keep a hostile one
# under a tenth of a second.
MAX_ORDERS = 5000
MAX_LINKED = 64


def canonical(document: Mapping[str, Any]) -> bytes:
    """Canonical N-Quads of a document whose contexts are inlined (`contexts.inlined`).

    Refused with `not_json_ld`, or `look_alikes` where the canonical form would take factorial
    time.
    """
    text = json.dumps(document, ensure_ascii=False).encode()
    try:
        dataset = Dataset(parse(text, RdfFormat.JSON_LD))
    except (SyntaxError, ValueError) as error:
        raise Refusal("not_json_ld", reason=str(error)) from error
    _refuse_look_alikes(dataset)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize(dataset, format=RdfFormat.N_QUADS) or b""
    # Split on the line feed alone: str.splitlines() also cuts at U+0085, U+2028 and U+2029,
    # which are ordinary characters inside a literal.
    return b"".join(sorted(line + b"\n" for line in written.split(b"\n") if line))


@dataclass
class _Node:
    """What RDFC-1.0 sees of a blank node before it looks at its neighbours' names."""

    lines: list[str] = field(default_factory=list)
    links: set[tuple[str, str, str]] = field(default_factory=set)

    def look(self) -> tuple[str, ...]:
        return tuple(sorted(self.lines))


def _refuse_look_alikes(dataset: Iterable[Quad]) -> None:
    nodes: dict[str, _Node] = defaultdict(_Node)
    for quad in dataset:
        _note(nodes, quad)
    looks = {name: node.look() for name, node in nodes.items()}
    count = Counter(looks.values())
    alike = {name for name, look in looks.items() if count[look] > 1}
    for name in alike:
        # The canonicaliser (pyoxigraph 0.5.13) names these differently from the others: two
        # identical proofs embedded in one document. Real proofs differ by their value.
        if any(place == "g" for place, _, _ in nodes[name].links):
            raise Refusal("look_alikes", count=count[looks[name]])
    for group in _linked(alike, nodes):
        if len(group) > MAX_LINKED or prod(_orders(nodes[n], alike, looks) for n in group) > (
            MAX_ORDERS
        ):
            raise Refusal("look_alikes", count=len(group))


def _note(nodes: dict[str, _Node], quad: Quad) -> None:
    parts = {"s": quad.subject, "o": quad.object, "g": quad.graph_name}
    blanks = {place: part.value for place, part in parts.items() if isinstance(part, BlankNode)}
    for blank in set(blanks.values()):
        masked = " ".join(
            ("_:a" if blanks[place] == blank else "_:z") if place in blanks else str(part)
            for place, part in parts.items()
        )
        nodes[blank].lines.append(f"{masked} {quad.predicate}")
        nodes[blank].links |= {
            (place, quad.predicate.value, other)
            for place, other in blanks.items()
            if other != blank
        }


def _orders(node: _Node, alike: set[str], looks: Mapping[str, tuple[str, ...]]) -> int:
    kinds = Counter(
        (place, predicate, looks[other]) for place, predicate, other in node.links if other in alike
    )
    return prod(factorial(min(size, MAX_LINKED)) for size in kinds.values())


def _linked(alike: set[str], nodes: Mapping[str, _Node]) -> Iterator[list[str]]:
    left = set(alike)
    while left:
        group = [left.pop()]
        for name in group:
            near = {other for _, _, other in nodes[name].links} & left
            left -= near
            group.extend(near)
        yield group
