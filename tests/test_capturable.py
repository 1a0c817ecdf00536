"""The whole model of every recipe can be captured as a CUDA graph, and its seeds be stacked."""

import copy
import warnings

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.func import functional_call, grad, stack_module_state, vmap
from torch.utils._python_dispatch import TorchDispatchMode

from objcentric.recipe import load
from objcentric.registry import Registry
from objcentric.registry.registry import core_recipes
from objcentric.testing.inputs import start
from objcentric.testing.moving import moved

RECIPES = sorted(path.stem for path in core_recipes().glob("*.yaml"))
STACKED = ["quickstart", "air-multi-mnist", "air-multi-mnist-enumerate"]
IMAGE_SHAPE, BATCH = (1, 50, 50), 2


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.discover()


@pytest.fixture
def model(recipe: str, registry: Registry) -> torch.nn.Module:
    loaded = load(recipe, [], registry)
    return loaded.build_model(loaded.build_source().image_shape)


@pytest.fixture
def image_shape(recipe: str, registry: Registry) -> tuple[int, int, int]:
    return load(recipe, [], registry).build_source().image_shape


class Copies(TorchDispatchMode):
    """Lists the copies from one device to another."""

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        if func.overloadpacket.__name__ in ("_to_copy", "copy_"):
            devices = {x.device.type for x in (*args, out) if isinstance(x, torch.Tensor)}
            self.found += [str(func)] * (len(devices) > 1)
        return out


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_step_on_a_cuda_device_waits_for_no_value(model, image_shape) -> None:
    if any(isinstance(part, torch.nn.GRUCell) for part in model.modules()):
        pytest.skip("torch cannot follow a GRU cell without a CUDA device")
    with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
        image, progress = torch.rand(BATCH, *image_shape, device="cuda"), start("cuda")
        on_device = moved(model, "cuda")
        with Copies() as copies:
            found = on_device(image, progress)
    assert found.loss.device.type == "cuda"
    assert copies.found == []  # a graph cannot hold a copy from the host's memory


@pytest.mark.parametrize("recipe", RECIPES)
def test_forwards_and_backwards_no_value_is_asked_for(model, image_shape) -> None:
    without = moved(model, "meta")
    image = torch.rand(BATCH, *image_shape, device="meta")
    without(image, start("meta")).loss.backward()
    assert any(weight.grad is not None for weight in without.parameters())


@pytest.mark.parametrize("recipe", STACKED)
def test_two_seeds_are_trained_at_once(recipe, registry) -> None:
    models = [load(recipe, [f"seed={seed}"], registry).build_model(IMAGE_SHAPE) for seed in (0, 1)]
    weights, buffers = stack_module_state(models)
    bare = copy.deepcopy(models[0]).to("meta")
    images = torch.rand(2, BATCH, *IMAGE_SHAPE)

    def loss(weights, buffers, image):
        return functional_call(bare, {**weights, **buffers}, (image, start())).loss

    with warnings.catch_warnings():
        # torch runs some operations one seed after another, and says so.
        warnings.filterwarnings("ignore", message="There is a performance drop")
        slopes = vmap(grad(loss), randomness="different")(weights, buffers, images)
    assert slopes.keys() == dict(models[0].named_parameters()).keys()
    assert all(slope.isfinite().all() for slope in slopes.values())
    assert any((slope[0] != slope[1]).any() for slope in slopes.values())
