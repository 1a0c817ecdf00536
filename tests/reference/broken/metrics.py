"""Metrics, some that are right and others that fail a check."""

from objcentric.interfaces import Metric


class Counted(Metric):
    """Share of scenes whose count is found."""

    truth = frozenset({"counts"})
    abilities = frozenset({"presence"})
    title = "count accuracy"
    style = "percent"
    bounds = (0.0, 1.0)

    def measure(self, judged):
        right = judged.inference.counts.round() == judged.truth.counts
        return {"right": right.sum(), "scenes": right.new_ones(len(right), dtype=int).sum()}

    def figure(self, total):
        return total["right"].item() / total["scenes"].item()

    def while_training(self, presence, truth):
        return (presence.sum(-1) == truth.counts).float()


class Usage(Metric):
    """How often each slot is used."""

    abilities = frozenset({"presence"})
    title = "use of each slot"
    style = "table"
    bounds = (0.0, 1.0)

    def measure(self, judged):
        presence = judged.inference.presence
        return {"used": presence.sum(0), "scenes": presence.new_ones(len(presence)).sum()}

    def figure(self, total):
        return (total["used"] / total["scenes"]).tolist()


class PerObject(Counted):
    """Objects found for each that is there; None where there are none."""

    bounds = (0.0, float("inf"))

    def measure(self, judged):
        return {"found": judged.inference.counts.sum(), "true": judged.truth.counts.sum()}

    def figure(self, total):
        return total["found"].item() / total["true"].item() if total["true"] else None


class Nameless(Counted):
    title = ""


class Percent(Counted):
    """A hundred times what its bounds say."""

    def figure(self, total):
        return 100 * super().figure(total)


class MeanOfMeans(Counted):
    """Counts batches with many right scenes more."""

    def measure(self, judged):
        found = super().measure(judged)
        return {**found, "right": found["right"] ** 2 / 100}


class Needy(Counted):
    """Reads labels without saying so."""

    def measure(self, judged):
        return {**super().measure(judged), "labels": judged.truth.labels.sum()}


class NothingToDivideBy(PerObject):
    def figure(self, total):
        return total["found"].item() / total["true"].item()


class OneForAll(Counted):
    def while_training(self, presence, truth):
        return super().while_training(presence, truth).mean(0, keepdim=True)


GOOD = [Counted, Usage, PerObject]
BROKEN = {
    "declaration": Nameless,
    "figure_within_bounds": Percent,
    "batches_add_up": MeanOfMeans,
    "declared_needs": Needy,
    "scenes_without_objects": NothingToDivideBy,
    "training_figure": OneForAll,
}
