// A layer of RWKV-6 or RWKV-5.0, 5.1 or 5.2 (docs/RWKV.md §4 and §3).
#include <cstring>

#include "forward_pass.h"

namespace {

// Indices into Workspace::mixed.
enum { W, K, V, R, G };

} // namespace

void ForwardPass::block6(const Layer &layer, float *state) {
    float *r = floats_in(w.product[0]), *k = floats_in(w.product[1]), *v = floats_in(w.product[2]);
    float *gate = floats_in(w.product[3]), *decay = floats_in(w.product[4]), *output = floats_in(w.product[5]);
    const bool is_6 = sizes.version == 6, has_gate = layer.gate.out() > 0;
    norm(layer.ln1, floats_in(w.normed));
    if (is_6)
        mix6(layer, state);
    else
        mix5(layer, state);
    multiply({{&layer.receptance, &w.mixed[R], r},
              {&layer.key, &w.mixed[K], k},
              {&layer.value, &w.mixed[V], v},
              {&layer.gate, &w.mixed[G], gate},
              {&layer.w.down, &w.mixed[W], floats_in(w.low[0]), Epilogue::tanh}},
             is_6 ? 5 : has_gate ? 4 : 3);
    if (is_6)
        pool.parallel_for(layer.w.up.blocks(), [&](int block) {
            multiply_plain(layer.w.up, block, 1, floats_in(w.low[0]), padded(layer.w.down.out()), tokens,
                           decay + (size_t)block * kBlock, width);
        });

    const int size = sizes.head_size();
    const TimeMix5 vectors = {layer.decay.data(),     layer.bonus.data(), layer.ln_x.weight.data(), layer.ln_x.bias.data(),
                              sizes.group_norm_eps, (int)width,         size};
    const TimeMix5Rows rows = {r, k, v, is_6 ? decay : nullptr, has_gate ? gate : nullptr};
    pool.parallel_for(sizes.heads, [&](int head) {
        kernels.time_mix5(vectors, rows, tokens, head, state + width + (size_t)head * size * size, w.y.at());
    });
    pool.parallel_for(tokens, [&](int t) { round(w.y, layer.output, t, 0, (int)width); });
    multiply({{&layer.output, &w.y, output, Epilogue::add}});
    channel_mix(layer, state + width + sizes.recurrence_floats());
}

void ForwardPass::mix5(const Layer &layer, float *before) {
    if (layer.gate.out() == 0) {
        mix({{&layer.mix[0], &w.mixed[K], &layer.key},
             {&layer.mix[1], &w.mixed[V], &layer.value},
             {&layer.mix[2], &w.mixed[R], &layer.receptance}},
            before);
        return;
    }
    mix({{&layer.mix[0], &w.mixed[K], &layer.key},
         {&layer.mix[1], &w.mixed[V], &layer.value},
         {&layer.mix[2], &w.mixed[R], &layer.receptance},
         {&layer.mix[3], &w.mixed[G], &layer.gate}},
        before);
}

void ForwardPass::mix6(const Layer &layer, float *before) {
    const Matrix *const readers[5] = {&layer.w.down, &layer.key, &layer.value, &layer.receptance, &layer.gate};
    const int rank = layer.mix_up[0].in(), blocks = layer.mix_up[0].blocks();
    const float *normed = floats_in(w.normed), *low = floats_in(w.low[0]);
    // mix() overwrites `before`, which is needed again below.
    memcpy(floats_in(w.first), before, width * sizeof(float));
    mix({{&layer.mix_x, &w.mixed[5], &layer.mix_down}}, before);
    multiply({{&layer.mix_down, &w.mixed[5], floats_in(w.low[0]), Epilogue::tanh}});
    pool.parallel_for(5 * blocks, [&](int unit) {
        const int which = unit / blocks, block = unit % blocks, first = block * kBlock;
        const int last = first + kBlock < (int)width ? first + kBlock : (int)width;
        Rows &to = w.mixed[which];
        multiply_plain(layer.mix_up[which], block, 1, low + which * rank, padded(layer.mix_down.out()), tokens, to.at(first),
                       width);
        for (int t = 0; t < tokens; t++) {
            const float *previous = t == 0 ? floats_in(w.first) : normed + (t - 1) * width;
            float *weight = to.at(t * width + first);
            kernels.add(layer.mix[which].data() + first, last - first, weight);
            kernels.interpolate(normed + t * width + first, previous + first, weight, last - first, weight);
            round(to, *readers[which], t, first, last);
        }
    });
}
