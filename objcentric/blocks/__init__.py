"""The toolkit of component authors: what several components are built of.

Import a block from its own module, `from objcentric.blocks.mlp import mlp`; this one imports none.
`docs/blocks.md` has worked examples.

Networks
    mlp                 fully connected layers
    upsampling_network  from a code to a map, by upsampling and convolution
    broadcast_network   from a code to a map, by the spatial broadcast decoder
    spatial_attention   where in an image something is, by a spatial softmax
    he_start            initial weights for layers that a ReLU follows
    map_sizes           sizes of feature maps that are halved again and again

From outputs to distributions
    normal_head         a normal distribution that is always finite
    proposal_head       log-odds of presence, mean and log variance of where
    probability         probabilities from the intensities of a canvas

Windows, for glimpsers
    windows             windows with sides parallel to the canvas'
    separable           sampling by row and column weights
    aim                 pointing windows at places, for schedulers

Inference over slots, for schedulers
    step_network        one step of AIR's recurrent network
    proposal_network    the same with a proposal head
    cell_network        a gated recurrent cell with a proposal head
    unroll              AIR's loop: attend, infer, repeat
    explain_away        the loop over what is left to explain
    steps               proposals collected step by step

Gradient estimators
    score_function      learning signal, score term, estimate
    injected_gradient   a loss term with a given gradient

Schedules
    annealing           temperatures that fall during training
    annealed_log_odds   log-odds that move during training
"""
