"""Ask and tell: the search is yours, the suggestions are Dowse's."""

from dowse import Categorical, Discrete, Double, Integer, Optimizer, SearchSpace

space = SearchSpace(
    [
        Double("lr", 1e-5, 1.0, scale="log"),
        Integer("heads", 1, 8),
        Integer("hidden", 16, 512),
        Discrete("batch", [16, 32, 64]),
        Categorical("optimizer", ["sgd", "adam"]),
    ],
    constraints=["hidden % heads == 0"],
)


def train(parameters: dict) -> float:
    """Stands for a real training: a loss with its best near lr = 0.003, hidden = 256."""
    off = abs(parameters["lr"] - 0.003) / (parameters["lr"] + 0.003)
    width = abs(parameters["hidden"] - 256) / 512
    return 0.1 + off + width + (0.05 if parameters["optimizer"] == "sgd" else 0.0)


optimizer = Optimizer(space, goal="minimize", seed=0)
for _ in range(30):
    suggestion = optimizer.ask()
    optimizer.tell(suggestion, train(suggestion.parameters))

best = optimizer.best()
print(f"trial {best.number} is the best observed: {best.value:.4f} with {best.parameters}")
print(
    f"the model expects {best.model.low:.4f} to {best.model.high:.4f} of trial {best.model.number}"
)
