"""Options of the default wiring's objective (`ObjectiveOptions`)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class ObjectiveOptions(BaseModel):
    """The form of the negative ELBO. The defaults give the textbook's.

    Attributes:
        beta: weight of the KL terms (Higgins et al. 2017); 1 gives the ELBO.
        object_kl: slots whose where and what KL counts: `present` ones, or all whose presence
            decision was `reached`, including the one that stops.
        presence_kl: `exact` is the closed form over all codes. `reached` is the KL of the decisions
            that the sampled code reached; no gradient flows through which ones these are.
        signal: the cost that the gradient estimator sees: the whole cost (`elbo`) or only the
            negative log-`likelihood`. With `likelihood`, the where and what KL is added for the
            sampled code.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    beta: Annotated[float, Field(ge=0)] = 1.0
    object_kl: Literal["present", "reached"] = "present"
    presence_kl: Literal["exact", "reached"] = "exact"
    signal: Literal["elbo", "likelihood"] = "elbo"
