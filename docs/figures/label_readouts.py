"""Readouts, questions and the VAE of `few_labels.py`."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Float, Int
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from torch import Tensor, nn
from torch.nn import functional as F

HIDDEN = 200
DIGITS = torch.arange(10)
QUESTIONS = {
    "sum of the digits": rearrange(DIGITS, "l -> l 1") + DIGITS,
    "ascending from left to right": (rearrange(DIGITS, "l -> l 1") < DIGITS).long(),
}
"""The right answer for each left and right digit."""


class Vae(nn.Module):
    """A plain VAE (Kingma & Welling 2014) with a normal likelihood and one hidden layer."""

    def __init__(self, pixels: int, code: int, hidden: int = 400, std: float = 0.3) -> None:
        super().__init__()
        self.std = std
        self.encoder = nn.Sequential(
            nn.Flatten(), nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * code)
        )
        self.decoder = nn.Sequential(
            nn.Linear(code, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Sigmoid()
        )

    def loss(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, ""]:
        """The negative ELBO of an image, without constants."""
        loc, log_var = self.encoder(image).chunk(2, -1)
        code = loc + (log_var / 2).exp() * torch.randn_like(loc)
        error = ((self.decoder(code) - image.flatten(1)) ** 2).sum() / (2 * self.std**2)
        kl = (loc**2 + log_var.exp() - 1 - log_var).sum() / 2
        return (error + kl) / len(image)

    @torch.no_grad()
    def code(self, image: Float[Tensor, "B C H W"]) -> Float[Tensor, "B code"]:
        """Posterior means."""
        return self.encoder(image).chunk(2, -1)[0]


def trained_vae(images: Float[Tensor, "N C H W"], code: int, epochs: int) -> Vae:
    """A VAE that has seen some images, without any labels."""
    torch.manual_seed(0)
    vae = Vae(images[0].numel(), code)
    optimizer = torch.optim.Adam(vae.parameters(), lr=1e-3)
    for _ in range(epochs):
        for index in torch.randperm(len(images)).split(64):
            optimizer.zero_grad()
            vae.loss(images[index]).backward()
            optimizer.step()
    return vae


Answer = Callable[[Tensor], Int[Tensor, " N"]]


class Readout(ABC):
    """Learns to answer a question from labelled inputs."""

    @abstractmethod
    def fit(self, x: Tensor, y: Int[Tensor, " N"], question: str, seed: int) -> Answer:
        """What was learned from inputs `x` with answers `y`."""


class CodeReadout(Readout):
    """A network with one hidden layer, for slots and codes alike."""

    def fit(self, x: Tensor, y: Int[Tensor, " N"], question: str, seed: int) -> Answer:
        network = MLPClassifier(
            (HIDDEN,), solver="lbfgs", alpha=1.0, max_iter=100, random_state=seed
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # 100 iterations are the budget
            network.fit(x.double().numpy(), y.numpy())
        return lambda x: torch.from_numpy(network.predict(x.double().numpy()))


@dataclass(frozen=True)
class SlotClassifier(Readout):
    """One classifier for both slots, the left one first, and a computed answer.

    It learns the probability of ten classes for a slot. These give the probability of each answer,
    which is all that is ever labelled: P(a) = sum of P(i | left) P(j | right) over the digits i, j
    whose answer is a.
    """

    steps: int

    def fit(self, x: Tensor, y: Int[Tensor, " N"], question: str, seed: int) -> Answer:
        torch.manual_seed(seed)
        network = nn.Sequential(
            nn.Linear(x.shape[1] // 2, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, len(DIGITS))
        )
        answers = F.one_hot(QUESTIONS[question]).float()

        def chances(x: Tensor) -> Float[Tensor, "B answers"]:
            left, right = network(rearrange(x, "n (k d) -> n k d", k=2)).softmax(-1).unbind(1)
            return torch.einsum("bi,bj,ija->ba", left, right, answers)

        _descend(network, lambda i: F.nll_loss((chances(x[i]) + 1e-8).log(), y[i]), x, self.steps)
        return lambda x: chances(x).argmax(1)


@dataclass(frozen=True)
class PixelReadout(Readout):
    """A small CNN."""

    most_steps: int

    def fit(self, x: Tensor, y: Int[Tensor, " N"], question: str, seed: int) -> Answer:
        torch.manual_seed(seed)
        cnn = nn.Sequential(
            *(nn.Conv2d(x.shape[1], 12, 5, stride=2, padding=2), nn.ReLU()),
            *(nn.Conv2d(12, 24, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Conv2d(24, 32, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Flatten(), nn.LazyLinear(HIDDEN), nn.ReLU()),
            nn.Linear(HIDDEN, int(QUESTIONS[question].max()) + 1),
        )
        cnn(x[:1])  # the lazy layer gets its size
        steps = min(2 * len(x), self.most_steps)
        _descend(cnn, lambda i: F.cross_entropy(cnn(x[i]), y[i]), x, steps)
        return lambda x: torch.cat([cnn(part).argmax(1) for part in x.split(500)])


def _descend(
    network: nn.Module, loss: Callable[[Tensor], Tensor], x: Tensor, steps: int, batch: int = 32
) -> None:
    """Steps of AdamW on batches, of which `loss` is given the indices."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-2)
    for _ in range(steps):
        optimizer.zero_grad()
        loss(torch.randint(len(x), (batch,))).backward()
        optimizer.step()
