// A layer of RWKV-7 (docs/RWKV.md §5).
#include <cstring>

#include "forward_pass.h"

void ForwardPass::block7(const Layer &layer, bool is_first, float *state) {
    float *r = floats_in(w.product[0]), *k = floats_in(w.product[1]), *v = floats_in(w.product[2]);
    float *decay = floats_in(w.product[3]), *rate = floats_in(w.product[4]), *gate = floats_in(w.product[5]);
    float *nu = floats_in(w.product[6]), *output = floats_in(w.product[7]);
    enum { R, W, K, V, A, G };
    norm(layer.ln1, floats_in(w.normed));
    mix({{&layer.mix[R], &w.mixed[R], &layer.receptance},
         {&layer.mix[W], &w.mixed[W], &layer.w.down},
         {&layer.mix[K], &w.mixed[K], &layer.key},
         {&layer.mix[V], &w.mixed[V], &layer.value},
         {&layer.mix[A], &w.mixed[A], &layer.a.down},
         {&layer.mix[G], &w.mixed[G], &layer.g.down}},
        state);
    multiply({{&layer.receptance, &w.mixed[R], r},
              {&layer.key, &w.mixed[K], k},
              {&layer.value, &w.mixed[V], v},
              {&layer.w.down, &w.mixed[W], floats_in(w.low[0]), Epilogue::tanh},
              {&layer.a.down, &w.mixed[A], floats_in(w.low[1])},
              {&layer.g.down, &w.mixed[G], floats_in(w.low[2]), Epilogue::sigmoid},
              {&layer.v.down, &w.mixed[V], floats_in(w.low[3])}},
             is_first ? 6 : 7);

    const TimeMix7 vectors = {layer.w0.data(),  layer.a0.data(),  layer.v0.data(),          layer.k_k.data(),
                              layer.k_a.data(), layer.r_k.data(), layer.ln_x.weight.data(), layer.ln_x.bias.data(),
                              sizes.group_norm_eps};
    const TimeMix7Rows rows = {r, k, v, is_first ? nullptr : floats_in(w.first), decay, rate, is_first ? nullptr : nu, gate};
    // The thread that computes a head also computes the head's part of the low-rank products.
    pool.parallel_for(sizes.heads, [&](int head) {
        const size_t at = (size_t)head * kHeadSize;
        auto up = [&](const Pair &pair, AlignedBuffer &low, float *to) {
            multiply_plain(pair.up, head, 1, floats_in(low), padded(pair.down.out()), tokens, to + at, width);
        };
        up(layer.w, w.low[0], decay), up(layer.a, w.low[1], rate), up(layer.g, w.low[2], gate);
        if (!is_first) up(layer.v, w.low[3], nu);
        for (int t = 0; t < tokens && is_first; t++)
            memcpy(floats_in(w.first) + t * width + at, v + t * width + at, kHeadSize * sizeof(float));
        kernels.time_mix7(vectors, rows, tokens, (int)width, head, state + width + at * kHeadSize, w.y.at());
        for (int t = 0; t < tokens; t++) round(w.y, layer.output, t, (int)at, (int)at + kHeadSize);
    });
    multiply({{&layer.output, &w.y, output, Epilogue::add}});

    norm(layer.ln2, floats_in(w.normed));
    mix({{&layer.ffn_mix[0], &w.mixed[0], &layer.ffn_key}}, state + width + sizes.recurrence_floats());
    multiply({{&layer.ffn_key, &w.mixed[0], w.wide.at(), Epilogue::relu_squared_quantize, &w.wide, &layer.ffn_value}});
    multiply({{&layer.ffn_value, &w.wide, output, Epilogue::add}});
}
