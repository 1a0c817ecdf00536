"""A loss term with a given gradient (`injected_gradient`)."""

from jaxtyping import Float
from torch import Tensor


def injected_gradient(
    tensor: Float[Tensor, "*shape"], gradient: Float[Tensor, "*shape"]
) -> Float[Tensor, ""]:
    """A term of value 0 whose gradient with respect to `tensor` is `gradient`.

    For estimators that compute a gradient without differentiating a loss:

        loss = costs.mean() + injected_gradient(posterior.logits, gradient)
    """
    return (gradient.detach() * (tensor - tensor.detach())).sum()
