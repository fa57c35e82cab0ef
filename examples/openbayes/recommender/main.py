"""Recommend items by weighted matrix factorisation, and report the precision of the first ten."""

import json

import numpy as np
import openbayestool

USERS, ITEMS, TASTES, SHOWN = 240, 160, 6, 10


def load_parameters():
    """The values of this execution; OpenBayes writes them into the working directory."""
    with open("openbayes_params.json", encoding="utf-8") as file:
        return json.load(file)


def load_data(category):
    """Who liked what, drawn from hidden tastes; the three categories differ in how noisy it is."""
    rng = np.random.default_rng(7)
    tastes = rng.gamma(0.4, 1.0, (USERS, TASTES)) @ rng.gamma(0.4, 1.0, (TASTES, ITEMS))
    noise = {"A": 0.5, "B": 1.0, "C": 2.0}[category]
    score = np.log1p(tastes) + rng.normal(0.0, noise, tastes.shape) * 0.3
    liked = score > np.quantile(score, 0.9)
    held_out = liked & (rng.random(liked.shape) < 0.3)
    return liked & ~held_out, held_out


def solve(fixed, weights, seen, penalty):
    """One half of alternating least squares."""
    gram = np.einsum("ij,jk,jl->ikl", weights, fixed, fixed)
    gram += penalty[:, None, None] * np.eye(fixed.shape[1])
    return np.linalg.solve(gram, ((weights * seen) @ fixed)[..., None])[..., 0]


def factorise(seen, parameters):
    rng = np.random.default_rng(0)
    factors = int(parameters["latent_factors"])
    items = rng.normal(0.0, 0.1, (ITEMS, factors))
    popularity = seen.mean(axis=0) + 1e-3
    weights = np.where(
        seen, parameters["feature_wt_factor"] * popularity**-0.5, parameters["unobs_weight"]
    )
    penalty = np.full(max(USERS, ITEMS), parameters["regularization"])
    for _ in range(2 * int(parameters["level"])):
        users = solve(items, weights, seen, penalty[:USERS])
        items = solve(users, weights.T, seen.T, penalty[:ITEMS])
    return users @ items.T


def precision(scores, seen, held_out):
    scores = np.where(seen, -np.inf, scores)
    best = np.argsort(-scores, axis=1)[:, :SHOWN]
    return float(np.take_along_axis(held_out, best, axis=1).mean())


if __name__ == "__main__":
    parameters = load_parameters()
    seen, held_out = load_data(parameters["category"])
    result = precision(factorise(seen, parameters), seen, held_out)
    print(f"precision {result:.4f} with {parameters}")
    openbayestool.log_metric("precision", result)
