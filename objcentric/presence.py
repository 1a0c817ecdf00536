"""Which of K slots hold an object: distributions over binary presence codes `(..., K)`.

`OrderedPresence` is AIR's unary code 1…1 0…0, with only K+1 values. `IndependentPresence` is the
code of models with a grid of proposals. Schedulers, priors and gradient estimators use nothing but
the methods of `Presence`, so they work with either kind where both make sense.
"""

from abc import abstractmethod
from itertools import accumulate
from operator import mul

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Categorical, Distribution, register_kl
from torch.distributions.constraints import Constraint, boolean, independent, real_vector
from torch.nn import functional as F

MAX_ENUMERABLE_SLOTS = 12
"""Independent presences over more slots than this have too many codes (2^K) to list."""


class Presence(Distribution):
    """A distribution over presence codes, made of one yes-or-no decision per slot.

    Args:
        logits: `(..., K)` log-odds of each decision, given that it is reached.
    """

    has_enumerate_support = True
    arg_constraints = {"logits": real_vector}  # noqa: RUF012 (how torch declares constraints)
    logits: Float[Tensor, "*batch K"]

    def __init__(
        self, logits: Float[Tensor, "*batch K"], validate_args: bool | None = None
    ) -> None:
        self.logits = logits
        super().__init__(logits.shape[:-1], logits.shape[-1:], validate_args=validate_args)

    @property
    def slots(self) -> int:
        return self.logits.shape[-1]

    @property
    @abstractmethod
    def mean(self) -> Float[Tensor, "*batch K"]:
        """Probability that each slot is present."""

    @property
    @abstractmethod
    def mode(self) -> Float[Tensor, "*batch K"]:
        """The most probable code."""

    @abstractmethod
    def reached(self, codes: Float[Tensor, "*codes K"]) -> Float[Tensor, "*codes K"]:
        """1 for each slot whose decision the code depends on, the final "no" included; else 0."""

    @abstractmethod
    def enumerate_support(self, expand: bool = True) -> Float[Tensor, "codes *batch K"]:
        """Every possible code; batch dimensions have size 1 unless `expand` is true.

        Raises:
            NotImplementedError: there are too many codes to list.
        """

    @abstractmethod
    def counts(self) -> Categorical:
        """Distribution over 0…K of the number of present slots."""

    @abstractmethod
    def compose(self, decisions: Float[Tensor, "*sample K"]) -> Float[Tensor, "*sample K"]:
        """The code that follows from K decisions, each made as if it were reached.

        This is differentiable. Decisions in [0, 1] give a relaxed code.
        """

    def sample(self, sample_shape: torch.Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        """Codes `(*sample_shape, *batch, K)`, zeros and ones in the dtype of the logits."""
        with torch.no_grad():
            shape = self._extended_shape(torch.Size(sample_shape))
            # Half precision would round probabilities to steps of 1/256.
            logits = self.logits.to(torch.promote_types(self.logits.dtype, torch.float32))
            uniform = torch.rand(shape, dtype=logits.dtype, device=logits.device)
            return self.compose((uniform < torch.sigmoid(logits)).to(self.logits.dtype))

    def noisy_logits(self, sample_shape: torch.Size | tuple[int, ...] = ()) -> Tensor:
        """Logits plus logistic noise, `(*sample_shape, *batch, K)`; reparametrised, always finite.

        A decision is "yes" exactly where its noisy logit is positive.
        """
        logits = self.logits.expand(self._extended_shape(torch.Size(sample_shape)))
        kind = torch.finfo(logits.dtype)
        return logits + torch.logit(torch.rand_like(logits).clamp(kind.tiny, 1 - kind.eps))

    def relaxed_sample(
        self, temperature: float | Tensor, sample_shape: torch.Size | tuple[int, ...] = ()
    ) -> Tensor:
        """Reparametrised codes in [0, 1] from binary Concrete decisions.

        They approach `sample` as the temperature falls to 0 (Maddison et al. 2017,
        arXiv:1611.00712).
        """
        return self.compose(torch.sigmoid(self.noisy_logits(sample_shape) / temperature))

    def log_prob(self, value: Float[Tensor, "*#codes K"]) -> Float[Tensor, "*#codes"]:
        """Log-probability of codes, `(..., K) -> (...)`; codes broadcast against the batch."""
        if self._validate_args:
            self._validate_sample(value)
        return self.decision_log_prob(value).sum(-1)

    def decision_log_prob(self, codes: Float[Tensor, "*#codes K"]) -> Float[Tensor, "*#codes K"]:
        """Log-probability of each decision in a code; 0 for decisions that were not reached."""
        yes, no = F.logsigmoid(self.logits), F.logsigmoid(-self.logits)
        return self.reached(codes) * (codes * yes + (1 - codes) * no)

    def step_kl(self, prior: "Presence") -> Float[Tensor, "*batch K"]:
        """KL of each decision from the prior's decision, given that it is reached."""
        yes = torch.sigmoid(self.logits)
        return yes * (F.logsigmoid(self.logits) - F.logsigmoid(prior.logits)) + (1 - yes) * (
            F.logsigmoid(-self.logits) - F.logsigmoid(-prior.logits)
        )

    def _spread(self, codes: Float[Tensor, "codes K"], expand: bool) -> Tensor:
        ones = " ".join("1" for _ in self.batch_shape)
        codes = rearrange(codes, f"n k -> n {ones} k")
        return codes.expand(-1, *self.batch_shape, -1) if expand else codes

    def expand(
        self, batch_shape: torch.Size | list[int] | tuple[int, ...], _instance: object = None
    ) -> "Presence":
        return type(self)(
            self.logits.expand(*batch_shape, self.slots), validate_args=self._validate_args
        )


def unary_codes(like: Float[Tensor, "*batch K"]) -> Float[Tensor, "K+1 K"]:
    """The codes 0…0, 10…0, …, 1…1, in the dtype and on the device of the tensor `like`."""
    slots = like.shape[-1]
    return torch.ones(slots + 1, slots, dtype=like.dtype, device=like.device).tril(-1)


class _UnaryCode(Constraint):
    """Unary codes 1…1 0…0: zeros and ones that never rise along the last dimension."""

    is_discrete = True
    event_dim = 1

    def check(self, value: Tensor) -> Tensor:
        binary = ((value == 0) | (value == 1)).all(-1)
        return binary & (value.diff(dim=-1) <= 0).all(-1)


class OrderedPresence(Presence):
    """AIR's unary code: objects are added until the first "no" (Eslami et al. 2016, section 2.1).

    Slot k is decided only if slot k-1 is present; its log-odds are `logits[..., k]`.
    """

    support = _UnaryCode()

    @classmethod
    def from_counts(cls, log_probs: Float[Tensor, "*batch counts"]) -> "OrderedPresence":
        """The ordered presence whose count has the given log-probabilities over 0…K.

        Log-odds are clamped to ±30, so that a count of probability 0 still gives a finite loss.
        """
        stop = log_probs[..., :-1]
        at_least = log_probs.flip(-1).logcumsumexp(-1).flip(-1)  # log P(count >= k)
        return cls(
            (at_least[..., 1:] - stop).nan_to_num(nan=-30.0).clamp(-30.0, 30.0),
            validate_args=False,  # the values are clamped, and a check would wait for the device
        )

    @property
    def mean(self) -> Tensor:
        return _running_product(torch.sigmoid(self.logits))

    @property
    def mode(self) -> Tensor:
        count = self.counts().probs.argmax(-1, keepdim=True)
        slot = torch.arange(self.slots, device=self.logits.device)
        return (slot < count).to(self.logits.dtype)

    def reached(self, codes: Tensor) -> Tensor:
        return F.pad(codes[..., :-1], (1, 0), value=1.0)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return self._spread(unary_codes(self.logits), expand)

    def counts(self) -> Categorical:
        goes_on = F.pad(F.logsigmoid(self.logits).cumsum(-1), (1, 0))
        stops = F.pad(F.logsigmoid(-self.logits), (0, 1))
        return Categorical(logits=goes_on + stops, validate_args=False)

    def compose(self, decisions: Tensor) -> Tensor:
        return _running_product(decisions)


class IndependentPresence(Presence):
    """K independent slots: Bernoulli(sigmoid(logits_k)) each (SPAIR, SPACE)."""

    support = independent(boolean, 1)

    @property
    def mean(self) -> Tensor:
        return torch.sigmoid(self.logits)

    @property
    def mode(self) -> Tensor:
        return (self.logits > 0).to(self.logits.dtype)

    def reached(self, codes: Tensor) -> Tensor:
        return torch.ones_like(codes)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        if self.slots > MAX_ENUMERABLE_SLOTS:
            raise NotImplementedError(
                f"{self.slots} independent slots have 2^{self.slots} codes; at most "
                f"{MAX_ENUMERABLE_SLOTS} slots are enumerated"
            )
        number = torch.arange(2**self.slots, device=self.logits.device)
        bit = torch.arange(self.slots, device=self.logits.device)
        code = (rearrange(number, "n -> n 1") >> bit) & 1
        return self._spread(code.to(self.logits.dtype), expand)

    def counts(self) -> Categorical:
        # Poisson-binomial: add one slot at a time to the distribution of the count so far.
        probs = F.pad(torch.ones_like(self.logits[..., :1]), (0, self.slots))
        for present in torch.sigmoid(self.logits).unbind(-1):
            p = rearrange(present, "... -> ... 1")
            probs = probs * (1 - p) + F.pad(probs[..., :-1], (1, 0)) * p
        return Categorical(probs=probs, validate_args=False)

    def compose(self, decisions: Tensor) -> Tensor:
        return decisions


def _running_product(factors: Float[Tensor, "*shape K"]) -> Float[Tensor, "*shape K"]:
    # Not cumprod: its gradient checks for zeros, and so waits for the device.
    return torch.stack(list(accumulate(factors.unbind(-1), mul)), dim=-1)


@register_kl(OrderedPresence, OrderedPresence)  # type: ignore[untyped-decorator]
def _kl_ordered(q: OrderedPresence, p: OrderedPresence) -> Float[Tensor, "*batch"]:
    reach = q.reached(q.mean)  # decision k is reached exactly when slot k-1 is present
    return (reach * q.step_kl(p)).sum(-1)


@register_kl(IndependentPresence, IndependentPresence)  # type: ignore[untyped-decorator]
def _kl_independent(q: IndependentPresence, p: IndependentPresence) -> Float[Tensor, "*batch"]:
    return q.step_kl(p).sum(-1)


class CertainPresence(Presence):
    """Every slot is present with probability 1: for models that do not decide about presence.

    Only the shape of the logits matters; it sets batch and slots.
    """

    support = independent(boolean, 1)

    @classmethod
    def over(cls, like: Float[Tensor, "*batch K"]) -> "CertainPresence":
        """All slots present, with the batch and slots of the tensor `like`."""
        return cls(torch.zeros_like(like), validate_args=False)

    @property
    def mean(self) -> Tensor:
        return torch.ones_like(self.logits)

    @property
    def mode(self) -> Tensor:
        return torch.ones_like(self.logits)

    def reached(self, codes: Tensor) -> Tensor:
        return torch.ones_like(codes)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        ones = torch.ones(1, self.slots, dtype=self.logits.dtype, device=self.logits.device)
        return self._spread(ones, expand)

    def counts(self) -> Categorical:
        none = torch.full_like(self.logits, -torch.inf)
        return Categorical(logits=F.pad(none, (0, 1)), validate_args=False)

    def compose(self, decisions: Tensor) -> Tensor:
        return torch.ones_like(decisions)

    def decision_log_prob(self, codes: Tensor) -> Tensor:
        return torch.zeros_like(self.logits + codes)

    def step_kl(self, prior: Presence) -> Tensor:
        return torch.zeros_like(self.logits + prior.logits)


@register_kl(CertainPresence, CertainPresence)  # type: ignore[untyped-decorator]
def _kl_certain(q: CertainPresence, p: CertainPresence) -> Float[Tensor, "*batch"]:
    return q.step_kl(p).sum(-1)
