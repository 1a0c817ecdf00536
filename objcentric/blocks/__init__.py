"""Blocks: the networks, loops and estimator parts of which several components are built.

Import a block from its own module: `from objcentric.blocks.mlp import mlp`. This package imports
none of them. `docs/blocks.md` has worked examples.

Networks
    mlp                 fully connected layers
    upsampling_network  from a code to a map, by upsampling and convolution
    broadcast_network   from a code to a map, by the spatial broadcast decoder
    spatial_attention   the position of something in an image, by a spatial softmax
    saliency            a blurred map with inhibition of return, and its peak
    he_start            He's initial weights, for layers followed by a ReLU
    map_sizes           sizes of feature maps that are halved repeatedly

From outputs to distributions
    normal_head         a normal distribution that is always finite
    proposal_head       log-odds of presence, mean and log variance of where
    probability         probabilities from the intensities of a canvas

Windows, for glimpsers
    windows             windows parallel to the sides of the canvas
    window_prior        prior of windows of an expected size
    separable           sampling by row and column weights
    expected_window     size of the window that the prior expects
    crop                crops around places, for networks
    aim                 coordinates of a window at a given place, for schedulers

Inference over slots, for schedulers
    step_network        one step of AIR's recurrent network
    proposal_network    AIR's recurrent network with a proposal head
    cell_network        a gated recurrent cell with a proposal head
    unroll              AIR's loop: attend, infer, repeat
    explain_away        AIR's loop over what is not explained yet
    steps               proposals collected step by step

Gradient estimators
    score_function      learning signal, score term, estimate
    injected_gradient   a loss term with a given gradient

Schedules
    annealing           values, such as temperatures, that change by a factor per epoch
    annealed_log_odds   log-odds that change linearly during training
"""
