"""A search that is kept in a file and goes on where it was, also with older results."""

import json
import tempfile
from pathlib import Path

from dowse import Double, Integer, Optimizer, SearchSpace

file = Path(tempfile.mkdtemp()) / "search.json"


def loss(parameters: dict) -> float:
    return (parameters["x"] - 0.3) ** 2 + parameters["layers"] / 100


optimizer = Optimizer(SearchSpace([Double("x", 0.0, 1.0), Integer("layers", 1, 9)]), seed=7)
optimizer.tell({"x": 0.5, "layers": 4}, 0.08)  # Known from somewhere else.
for suggestion in optimizer.ask(4):
    optimizer.tell(suggestion, loss(suggestion.parameters))
file.write_text(json.dumps(optimizer.state()))

# Later, in another program:
optimizer = Optimizer.from_state(json.loads(file.read_text()))
for _ in range(10):
    suggestion = optimizer.ask()
    optimizer.tell(suggestion, loss(suggestion.parameters))
print(f"{len(optimizer.observations)} results, the best {optimizer.best().value:.4f}")
