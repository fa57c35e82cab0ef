"""Four trainings at a time, some of which fail."""

import time

from dowse import Double, SearchSpace, minimize

space = SearchSpace([Double("x", -5.0, 10.0), Double("y", 0.0, 15.0)])


def evaluate(parameters: dict) -> float:
    x, y = parameters["x"], parameters["y"]
    time.sleep(0.01)  # A real training waits for another process or a machine.
    if x + y > 20:
        raise RuntimeError("out of memory")
    return (x - 2.0) ** 2 + (y - 3.0) ** 2


found = minimize(evaluate, space, trials=40, parallel=4, seed=1)
print(f"{found.value:.6f} at {found.parameters}; {len(found.errors)} of 40 trials failed")
