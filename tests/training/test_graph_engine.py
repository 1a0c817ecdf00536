"""The engine that captures a step once and replays it: what it learns, and what it refuses.

There need not be a GPU: `RecordedCapture` holds operations as a CUDA graph does.
"""

import sys

import pytest
import torch
from recorded import RecordedCapture
from small_quickstart import SMALL

from objcentric.finiteness import astray_weights
from objcentric.randomness import derived_seed
from objcentric.recipe import load
from objcentric.registry.registry import core_recipes
from objcentric.runs.errors import TrainingFailed
from objcentric.training.engines.capture import NotCapturable
from objcentric.training.engines.eager import EagerEngine
from objcentric.training.engines.graph import WARM_UP, GraphEngine
from objcentric.training.engines.make_engine import graph_obstacle
from objcentric.training.guards import unchecked

"""Two epochs of six steps: a schedule, and an epoch that begins with a graph at hand."""


@pytest.fixture(scope="module")
def quickstart():
    from objcentric.registry import Registry

    registry = Registry.discover()
    return lambda *changes: load("quickstart", [*SMALL, *changes], registry)


@pytest.fixture
def rmsprop_on_cpus(monkeypatch):
    """torch offers the kind that can be captured for accelerators alone, without need."""
    module = sys.modules["torch.optim.rmsprop"]
    monkeypatch.setattr(module, "_get_capturable_supported_devices", lambda *_: ["cpu"])


def engine_of(recipe, *, graph, notes=None):
    """An engine and its capture, at the beginning of a training."""
    scenes = recipe.build_source().scenes("train")
    torch.manual_seed(recipe.seed)
    model = recipe.build_model(tuple(scenes.images.shape[1:]))
    torch.manual_seed(derived_seed("noise", recipe.seed))
    metrics = recipe.evaluation.build()
    rates = recipe.model.rates
    eager = EagerEngine(model, scenes, metrics, recipe.training, rates, capturable=True)
    if not graph:
        return eager

    def state():
        moments = [value for each in eager.optimizer.state.values() for value in each.values()]
        weights = [*eager.model.parameters(), *eager.model.buffers()]
        return [*weights, *(m for m in moments if m is not None), eager.tally.sums]

    capture = RecordedCapture(state)
    engine = GraphEngine(eager, capture, (notes if notes is not None else []).append)
    engine.recorded = capture
    return engine


def learn(engine, recipe, steps=12):
    """Runs the first steps of a training; returns weights, moments and figures."""
    from objcentric.training.batches import epoch_batches
    from objcentric.training.epoch_tally import EpochTally
    from objcentric.training.optimizer import optimizer_state

    means, images = [], 0
    with unchecked():
        for step in range(steps):
            epoch, number = divmod(step, 6)
            if number == 0:
                engine.tally = EpochTally()
                engine.begin_epoch(epoch, epoch_batches(recipe.seed, epoch, 48, 8))
            engine.step(number, images)
            images += 8
            means.append(engine.tally.means())
    state = engine.model.state_dict() | optimizer_state(engine.model, engine.optimizer)
    return {name: value.clone() for name, value in state.items()}, means


def assert_same(one, other):
    assert one[1] == other[1]
    assert one[0].keys() == other[0].keys()
    assert all(torch.equal(value, other[0][name]) for name, value in one[0].items())


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("scenes.endless=true",),
        ("training.clip_norm=null", "training.precision=bf16-mixed"),
        ("model.estimator={use: nvil, lr: 0.001}", "training.optimizer=sgd"),
        ("training.optimizer=sgd", "training.momentum=0.9"),
        ("training.optimizer=rmsprop", "training.momentum=0.9"),
    ],
    ids=["adam", "endless", "bf16", "nvil-sgd", "momentum", "rmsprop"],
)
def test_a_replayed_step_learns_what_the_eager_one_learns_to_the_bit(
    quickstart, changes, rmsprop_on_cpus
):
    recipe = quickstart(*changes)
    graph = engine_of(recipe, graph=True)
    replayed = learn(graph, recipe)
    assert graph.recorded.replays == 12 - WARM_UP
    assert_same(replayed, learn(engine_of(recipe, graph=False), recipe))


def test_a_rate_that_is_no_tensor_would_keep_its_value(quickstart):
    """What `RecordedCapture` is for: without `capturable`, the graph holds the first rate."""
    recipe = quickstart()
    graph = engine_of(recipe, graph=True)
    for group in graph.optimizer.param_groups:
        group["lr"] = float(group["lr"])
    replayed, eager = learn(graph, recipe), learn(engine_of(recipe, graph=False), recipe)
    assert replayed[1] != eager[1]


def test_a_step_that_waits_for_the_device_is_run_eagerly_from_then_on(quickstart, monkeypatch):
    recipe, notes = quickstart(), []
    graph = engine_of(recipe, graph=True, notes=notes)
    objective = type(graph.model).objective

    def asking(model, image, progress):
        assert torch.randn(3).mean().item() < 9  # noise that the step must not lose or draw twice
        return objective(model, image, progress)

    monkeypatch.setattr(type(graph.model), "objective", asking)
    replayed = learn(graph, recipe)
    assert graph.recorded.replays == 0
    assert len(notes) == 1
    assert "without a CUDA graph: aten._local_scalar_dense.default waits" in notes[0]
    assert_same(replayed, learn(engine_of(recipe, graph=False), recipe))


class Refusing(RecordedCapture):
    def capture(self, step):
        raise NotCapturable("operation not permitted when stream is capturing")


def test_a_step_that_cannot_be_captured_for_another_reason_says_how_to_train(quickstart):
    recipe = quickstart()
    engine = engine_of(recipe, graph=False)
    graph = GraphEngine(engine, Refusing(lambda: []), print)
    with pytest.raises(TrainingFailed, match=r"not permitted.*training\.engine=eager trains"):
        learn(graph, recipe)


def test_a_checkpoint_of_one_engine_is_gone_on_from_by_the_other(quickstart):
    """In the middle of an epoch, with its schedule and its running figures."""
    from objcentric.randomness import noise_state, restore_noise_state
    from objcentric.training.optimizer import optimizer_state, restore_optimizer_state

    recipe = quickstart()
    whole = learn(engine_of(recipe, graph=False), recipe)
    for first, second in ((True, False), (False, True)):
        before = engine_of(recipe, graph=first)
        learn(before, recipe, steps=6)
        weights = {key: value.clone() for key, value in before.model.state_dict().items()}
        moments = optimizer_state(before.model, before.optimizer)
        noise = noise_state(before.device)
        after = engine_of(recipe, graph=second)
        after.model.load_state_dict(weights)
        restore_optimizer_state(after.model, after.optimizer, moments)
        restore_noise_state(noise, after.device)
        assert_same((rest_of(after, recipe), ()), (whole[0], ()))


def rest_of(engine, recipe):
    """The weights and moments after the second epoch."""
    from objcentric.training.batches import epoch_batches
    from objcentric.training.optimizer import optimizer_state

    with unchecked():
        engine.begin_epoch(1, epoch_batches(recipe.seed, 1, 48, 8))
        for number in range(6):
            engine.step(number, 48 + 8 * number)
    return engine.model.state_dict() | optimizer_state(engine.model, engine.optimizer)


@pytest.fixture
def graphs_here(monkeypatch):
    """Makes trainings on the CPU choose the graph engine, as on a CUDA device."""
    made = []

    class Here(RecordedCapture):
        def __init__(self, device):
            super().__init__(lambda: [])
            made.append(self)

    monkeypatch.setattr("objcentric.training.engines.make_engine.CudaCapture", Here)
    monkeypatch.setattr("objcentric.training.engines.make_engine.graph_obstacle", lambda *_: None)
    return made


def test_a_training_whose_component_waits_for_the_device_says_so_and_is_the_same(
    train_tiny, learned, graphs_here
):
    """The tiny prior asks for a value."""
    told = train_tiny("graph")
    assert graphs_here
    assert "note: steps are run eagerly, without a CUDA graph: aten._local_scalar" in told.printed
    assert "prior tiny.few_objects" in told.printed
    assert learned(told.run) == learned(train_tiny("eager", "training.engine=eager").run)


def test_a_training_looked_at_once_per_epoch_finds_the_first_value_that_is_not_finite(
    train_tiny, graphs_here
):
    with pytest.raises(TrainingFailed, match=r"epoch 2, by step 4 of 4 .*likelihood tiny\.gauss"):
        train_tiny("run", "model.likelihood.explode_after=6")


def test_a_run_goes_on_with_another_engine(train_tiny, tiny_registry, tmp_path):
    from objcentric.runs.run_folders import run_to_resume

    done = train_tiny("run", "training.epochs=1")
    again = run_to_resume(done.run.path, None, ["training.engine=eager"], tiny_registry)
    assert again.recipe.training.engine == "eager"


def test_a_graph_that_was_asked_for_and_cannot_be_is_a_note(train_tiny):
    assert (
        "without a CUDA graph: the device is cpu"
        in train_tiny("a", "training.engine=graph").printed
    )
    assert "CUDA graph" not in train_tiny("b").printed


def test_components_say_that_they_cannot_be_captured(quickstart):
    recipe = quickstart("model.estimator=rebar")
    model = recipe.build_model(recipe.build_source().image_shape)
    parts, cuda = list(model.modules()), torch.device("cuda:0")
    said = "not capturable: gradient estimator estimators.rebar"
    assert graph_obstacle(cuda, parts) == said
    assert graph_obstacle(torch.device("cpu"), parts) == "the device is cpu"


SHIPPED = sorted(path.stem for path in core_recipes().glob("*.yaml"))
NOT_CAPTURABLE: dict[str, str] = {}
"""Shipped recipes whose steps cannot be captured, each with the reason."""


@pytest.mark.parametrize("name", SHIPPED)
def test_the_whole_step_of_a_shipped_recipe_asks_for_no_value(name, rmsprop_on_cpus):
    """Forward, backward, clipping, optimiser and figures; on noise instead of scenes."""
    from objcentric.interfaces import Scenes
    from objcentric.registry import Registry

    recipe = load(name, ["training.batch_size=2", "training.device=cpu"], Registry.discover())
    shape = recipe.build_source().image_shape
    model = recipe.build_model(shape)
    obstacle = graph_obstacle(torch.device("cuda:0"), [*model.modules()])
    assert obstacle == NOT_CAPTURABLE.get(name)
    images = torch.randint(256, (2, *shape)).byte()
    scenes = Scenes(images=images, sha256="")
    rates = recipe.model.rates
    engine = EagerEngine(model, scenes, [], recipe.training, rates, capturable=True)
    capture = RecordedCapture(lambda: [])
    with unchecked():
        engine.begin_epoch(0, torch.tensor([[0, 1]]))
        engine.place(0, 0)
        capture.warm_up(engine.run, strictly=False)
        capture.warm_up(engine.run, strictly=True)
    assert not astray_weights(engine.model)


def test_the_figures_of_training_batches_ask_for_no_value(quickstart):
    recipe = quickstart()
    engine = engine_of(recipe, graph=False)
    assert engine.training_step.metrics
    capture = RecordedCapture(lambda: [])
    with unchecked():
        engine.begin_epoch(0, torch.arange(16).view(2, 8))
        for number in range(2):
            engine.place(number, 0)
            capture.warm_up(engine.run, strictly=number == 1)
    assert "count_accuracy" in engine.tally.names


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("changes", [(), ("training.precision=bf16-mixed",)], ids=["32", "bf16"])
def test_on_a_cuda_device_a_graph_learns_what_eager_steps_learn(quickstart, changes):
    from objcentric.training.engines.make_engine import make_engine

    learned = {}
    for name in ("eager", "graph"):
        recipe = quickstart(*changes, "training.device=cuda", f"training.engine={name}")
        scenes = recipe.build_source().scenes("train")
        torch.manual_seed(recipe.seed)
        model = recipe.build_model(tuple(scenes.images.shape[1:]))
        torch.manual_seed(derived_seed("noise", recipe.seed))
        notes = []
        engine = make_engine(model, scenes, [], recipe.training, recipe.model.rates, notes.append)
        assert not notes
        assert isinstance(engine, GraphEngine) == (name == "graph")
        learned[name] = learn(engine, recipe)[0]
    for key, value in learned["eager"].items():
        torch.testing.assert_close(learned["graph"][key], value, rtol=1e-3, atol=1e-5)


def test_several_processes_train_eagerly(monkeypatch):
    monkeypatch.setattr("objcentric.training.engines.make_engine.world_size", lambda: 2)
    obstacle = graph_obstacle(torch.device("cuda:0"), [])
    assert obstacle == "several processes train the model"
