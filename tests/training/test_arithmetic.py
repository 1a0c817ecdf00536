"""TF32 and determinism are set for a training, and put back."""

import os

import pytest
import torch

from objcentric.recipe.options import TrainingOptions
from objcentric.training.arithmetic import WORKSPACE, arithmetic


def now():
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    deterministic = torch.are_deterministic_algorithms_enabled()
    return (matmul.allow_tf32, cudnn.allow_tf32, deterministic)


@pytest.mark.parametrize("tf32", [False, True])
@pytest.mark.parametrize("deterministic", [False, True])
def test_arithmetic_is_what_the_options_say_and_afterwards_what_it_was(
    tf32, deterministic, monkeypatch
):
    monkeypatch.setenv(WORKSPACE, "")
    monkeypatch.delenv(WORKSPACE)
    before = now()
    with arithmetic(TrainingOptions(tf32=tf32, deterministic=deterministic)):
        assert now() == (tf32, tf32, deterministic)
        assert (os.environ.get(WORKSPACE) == ":4096:8") == deterministic
    assert now() == before


def test_arithmetic_is_put_back_after_an_error():
    before = now()
    with pytest.raises(ValueError, match="mine"), arithmetic(TrainingOptions(deterministic=True)):
        raise ValueError("mine")
    assert now() == before


def test_a_deterministic_training_on_a_cpu_learns_the_same_bits(train_tiny, learned):
    same = learned(train_tiny("a").run), learned(train_tiny("b", "training.deterministic=true").run)
    assert same[0] == same[1]


def test_tf32_beside_double_precision_is_refused():
    with pytest.raises(ValueError, match="tf32 rounds float32, which precision 64-true"):
        TrainingOptions(tf32=True, precision="64-true")
