import torch

from objcentric_composition.continuous_bernoulli import log_norm


def test_the_constant_agrees_with_that_of_torch():
    p = torch.linspace(0.001, 0.999, 999, dtype=torch.float64)
    reference = torch.distributions.ContinuousBernoulli(probs=p)._cont_bern_log_norm()
    torch.testing.assert_close(log_norm(p), reference, atol=1e-8, rtol=0)


def test_its_gradient_is_exact_in_single_precision_near_one_half():
    p = torch.linspace(0.4, 0.6, 201, dtype=torch.float64)
    slopes = []
    for dtype in (torch.float32, torch.float64):
        q = p.to(dtype).requires_grad_()
        log_norm(q).sum().backward()
        slopes.append(q.grad.double())
    torch.testing.assert_close(slopes[0], slopes[1], atol=1e-5, rtol=0)
