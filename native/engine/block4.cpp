// A layer of RWKV-4 (docs/RWKV.md §2), and the channel-mix of RWKV-4, 5 and 6.
#include "forward_pass.h"

void ForwardPass::block4(const Layer &layer, float *state) {
    float *k = floats_in(w.product[0]), *v = floats_in(w.product[1]), *r = floats_in(w.product[2]);
    float *output = floats_in(w.product[3]);
    enum { K, V, R };
    norm(layer.ln1, floats_in(w.normed));
    mix({{&layer.mix[K], &w.mixed[K], &layer.key},
         {&layer.mix[V], &w.mixed[V], &layer.value},
         {&layer.mix[R], &w.mixed[R], &layer.receptance}},
        state);
    multiply({{&layer.key, &w.mixed[K], k},
              {&layer.value, &w.mixed[V], v},
              {&layer.receptance, &w.mixed[R], r, Epilogue::sigmoid}});
    pool.parallel_for((sizes.width + kBlock - 1) / kBlock, [&](int part) {
        const int first = part * kBlock, last = first + kBlock < sizes.width ? first + kBlock : sizes.width;
        kernels.wkv4({k, v, layer.decay.data(), layer.bonus.data(), (int)width}, tokens, first, last, state + width, w.y.at());
        for (int t = 0; t < tokens; t++) {
            kernels.multiply(r + t * width + first, last - first, w.y.at(t * width + first));
            round(w.y, layer.output, t, first, last);
        }
    });
    multiply({{&layer.output, &w.y, output, Epilogue::add}});

    channel_mix(layer, state + width + sizes.recurrence_floats());
}

void ForwardPass::channel_mix(const Layer &layer, float *before) {
    float *r = floats_in(w.product[0]), *output = floats_in(w.product[1]);
    norm(layer.ln2, floats_in(w.normed));
    mix({{&layer.ffn_mix[0], &w.mixed[0], &layer.ffn_key}, {&layer.ffn_mix[1], &w.mixed[1], &layer.ffn_receptance}}, before);
    multiply({{&layer.ffn_key, &w.mixed[0], w.wide.at(), Epilogue::relu_squared_quantize, &w.wide, &layer.ffn_value},
              {&layer.ffn_receptance, &w.mixed[1], r, Epilogue::sigmoid}});
    multiply({{&layer.ffn_value, &w.wide, output, Epilogue::add_gated, nullptr, nullptr, r}});
}
