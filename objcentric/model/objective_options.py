"""How the default wiring puts its negative ELBO together (`ObjectiveOptions`)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class ObjectiveOptions(BaseModel):
    """How the negative ELBO is put together. The defaults are the textbook's.

    Attributes:
        beta: weight of the KL terms (Higgins et al. 2017); 1 is the ELBO.
        object_kl: whose where and what KL counts: that of `present` objects, or of every slot whose
            presence decision was `reached`, the stopping one included.
        presence_kl: the closed form over all codes (`exact`), or that of the decisions which the
            sampled code `reached`, without a gradient through the reaching.
        signal: what the gradient estimator is told that a code costs: the whole cost (`elbo`), or
            the `likelihood` alone, the where and what KL then counting for the code that was drawn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    beta: Annotated[float, Field(ge=0)] = 1.0
    object_kl: Literal["present", "reached"] = "present"
    presence_kl: Literal["exact", "reached"] = "exact"
    signal: Literal["elbo", "likelihood"] = "elbo"
