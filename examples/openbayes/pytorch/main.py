"""A small convolutional network that tells crosses from circles, trained with PyTorch."""

import json
import time

import openbayestool
import torch
from torch import nn

SIZE, IMAGES = 12, 768


def load_parameters():
    """The values of this execution; OpenBayes writes them into the working directory."""
    with open("openbayes_params.json", encoding="utf-8") as file:
        return json.load(file)


def draw(count, generator):
    """Noisy crosses and circles of many sizes and places, and which is which."""
    centre = 3 + (SIZE - 6) * torch.rand(count, 2, 1, 1, generator=generator)
    radius = 1.5 + 2.5 * torch.rand(count, 1, 1, generator=generator)
    grid = torch.arange(SIZE, dtype=torch.float32)
    down = grid.view(1, SIZE, 1) - centre[:, 0]
    right = grid.view(1, 1, SIZE) - centre[:, 1]
    inside = (down.abs() <= radius) & (right.abs() <= radius)
    cross = ((down.abs() - right.abs()).abs() < 0.8) & inside
    circle = ((down.square() + right.square()).sqrt() - radius).abs() < 0.7
    is_circle = torch.rand(count, generator=generator) < 0.5
    images = torch.where(is_circle.view(-1, 1, 1), circle, cross).float()
    images += 0.7 * torch.randn(images.shape, generator=generator)
    return images.unsqueeze(1), is_circle.long()


def build(parameters):
    channels = int(parameters["channels"])
    activation = {"relu": nn.ReLU, "tanh": nn.Tanh}[parameters["activation"]]
    return nn.Sequential(
        nn.Conv2d(1, channels, 3, padding=1),
        activation(),
        nn.MaxPool2d(2),
        nn.Conv2d(channels, 2 * channels, 3, padding=1),
        activation(),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
        nn.Dropout(parameters["dropout"]),
        nn.Linear(2 * channels, 2),
    )


def train_epoch(model, optimizer, images, labels, batch_size):
    model.train()
    for chosen in torch.randperm(len(images)).split(batch_size):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images[chosen]), labels[chosen]).backward()
        optimizer.step()


def evaluate(model, images, labels):
    model.eval()
    with torch.no_grad():
        scores = model(images)
    loss = nn.functional.cross_entropy(scores, labels).item()
    return (scores.argmax(dim=1) == labels).float().mean().item(), loss


if __name__ == "__main__":
    parameters = load_parameters()
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(7)
    train_images, train_labels = draw(IMAGES, generator)
    test_images, test_labels = draw(IMAGES, generator)

    model = build(parameters)
    optimizer = torch.optim.Adam(model.parameters(), lr=parameters["learning_rate"])
    began = time.monotonic()
    for epoch in range(1, int(parameters["epochs"]) + 1):
        batch_size = int(parameters["batch_size"])
        train_epoch(model, optimizer, train_images, train_labels, batch_size)
        accuracy, loss = evaluate(model, test_images, test_labels)
        print(f"epoch {epoch}: accuracy {accuracy:.4f}, loss {loss:.4f}", flush=True)
        openbayestool.log_metric("accuracy", accuracy)
        openbayestool.log_metric("loss", loss)
    print(f"trained in {time.monotonic() - began:.1f} s with {parameters}")
