"""Competition of slots for tokens."""

import pytest
import torch

from objcentric_slots.slot_iterations import SlotIterations


@pytest.fixture
def tokens():
    return torch.randn(2, 7, 8)


@pytest.fixture
def start():
    return torch.randn(2, 3, 8)


def make(*, iterations=3, implicit=False):
    return SlotIterations(8, hidden=16, iterations=iterations, implicit=implicit)


def test_each_tokens_attention_adds_up_to_one_over_the_slots(tokens, start):
    attention = make().attention(start, tokens)
    assert attention.shape == (2, 3, 7)
    torch.testing.assert_close(attention.sum(1), torch.ones(2, 7))


def test_slots_in_another_order_end_in_that_order(tokens, start):
    iterations, order = make(), [2, 0, 1]
    torch.testing.assert_close(
        iterations(tokens, start[:, order]), iterations(tokens, start)[:, order]
    )


def test_tokens_in_another_order_change_nothing(tokens, start):
    iterations = make()
    torch.testing.assert_close(iterations(tokens.flip(1), start), iterations(tokens, start))


def test_at_first_a_slot_wins_the_token_that_it_starts_as():
    iterations = SlotIterations(64, hidden=16, iterations=1, implicit=False)
    tokens = torch.randn(2, 7, 64)
    attention = iterations.attention(tokens[:, :3], iterations.key(tokens))
    assert attention[:, :, :3].argmax(1).tolist() == [[0, 1, 2]] * 2


@pytest.mark.parametrize("implicit", [True, False])
def test_the_gradient_reaches_the_start(tokens, start, implicit):
    start.requires_grad_()
    make(implicit=implicit)(tokens, start).square().sum().backward()
    assert start.grad is not None
    assert start.grad.abs().sum(-1).gt(0).all()


def test_implicit_or_not_the_slots_are_the_same(tokens, start):
    full = make()
    implicit = make(implicit=True)
    implicit.load_state_dict(full.state_dict())
    torch.testing.assert_close(implicit(tokens, start), full(tokens, start))


def test_the_implicit_gradient_is_that_of_the_last_iteration(tokens, start):
    full, implicit = make(iterations=1), make(iterations=4, implicit=True)
    implicit.load_state_dict(full.state_dict())
    with torch.no_grad():
        before_last = make(iterations=3)
        before_last.load_state_dict(full.state_dict())
        settled = before_last(tokens, start)
    full(tokens, settled).square().sum().backward()
    implicit(tokens, start).square().sum().backward()
    for ours, expected in zip(implicit.parameters(), full.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, expected.grad)
