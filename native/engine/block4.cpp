// A layer of RWKV-4 (RWKV.md 2).
#include "pass.h"

void Pass::block4(const Layer &layer, float *state) {
    float *k = floats_of(w.product[0]), *v = floats_of(w.product[1]), *r = floats_of(w.product[2]);
    float *output = floats_of(w.product[3]);
    enum { K, V, R };
    norm(layer.ln1, floats_of(w.normed));
    mix({{&layer.mix[K], &w.mixed[K], &layer.key},
         {&layer.mix[V], &w.mixed[V], &layer.value},
         {&layer.mix[R], &w.mixed[R], &layer.receptance}},
        state);
    multiply({{&layer.key, &w.mixed[K], k},
              {&layer.value, &w.mixed[V], v},
              {&layer.receptance, &w.mixed[R], r, Then::sigmoid}});
    team.each((sizes.width + kBlock - 1) / kBlock, [&](int part) {
        const int first = part * kBlock, last = first + kBlock < sizes.width ? first + kBlock : sizes.width;
        kernels.wkv4({k, v, layer.decay.data(), layer.first.data(), (int)width}, tokens, first, last, state + width, w.y.at());
        for (int t = 0; t < tokens; t++) {
            kernels.multiply(r + t * width + first, last - first, w.y.at(t * width + first));
            round(w.y, layer.output, t, first, last);
        }
    });
    multiply({{&layer.output, &w.y, output, Then::add}});

    norm(layer.ln2, floats_of(w.normed));
    mix({{&layer.ffn_mix[0], &w.mixed[K], &layer.ffn_key}, {&layer.ffn_mix[1], &w.mixed[R], &layer.ffn_receptance}},
        state + width + sizes.recurrence_floats());
    multiply({{&layer.ffn_key, &w.mixed[K], w.wide.at(), Then::round_squares, &w.wide, &layer.ffn_value},
              {&layer.ffn_receptance, &w.mixed[R], r, Then::sigmoid}});
    multiply({{&layer.ffn_value, &w.wide, output, Then::add_gated, nullptr, nullptr, r}});
}
