#include "forward_pass.h"

#include <cstring>

Rows::Rows(int count, size_t width)
    : floats(aligned_buffer(count * width * sizeof(float))), values(aligned_buffer(count * width)),
      scales(aligned_buffer(count * width / kGroup * sizeof(float))), sums(aligned_buffer(count * width / kGroup * sizeof(int32_t))) {}

QuantizedRows Rows::rounded() const {
    return {reinterpret_cast<const int8_t *>(values.data()), reinterpret_cast<const float *>(scales.data()),
            reinterpret_cast<const int32_t *>(sums.data())};
}

Workspace::Workspace(const Sizes &sizes, int max_rank) {
    const size_t width = padded(sizes.width), rank = padded(max_rank > 0 ? max_rank : 1);
    for (AlignedBuffer *block : {&x, &normed, &first}) *block = aligned_buffer(kMaxTokens * width * sizeof(float));
    for (AlignedBuffer &block : product) block = aligned_buffer(kMaxTokens * width * sizeof(float));
    for (AlignedBuffer &block : low) block = aligned_buffer(kMaxTokens * rank * sizeof(float));
    for (Rows &rows : mixed) rows = Rows(kMaxTokens, width);
    y = Rows(kMaxTokens, width);
    wide = Rows(kMaxTokens, padded(sizes.ffn_width));
}

void ForwardPass::norm(const Norm &norm, float *to, int from) {
    pool.parallel_for(tokens - from, [&](int row) {
        const size_t at = (from + row) * width;
        kernels.layer_norm(floats_in(w.x) + at, norm.weight.data(), norm.bias.data(), (int)width, to + at);
    });
}

void ForwardPass::head(const Norm &ln_out, const Matrix &head, int from, float *logits) {
    norm(ln_out, w.y.at(), from);
    pool.parallel_for(tokens - from, [&](int row) { round(w.y, head, from + row, 0, (int)width); });
    multiply({{&head, &w.y, logits}}, 1, from);
}

void ForwardPass::mix(const Mix *mixes, int count, float *before) {
    const float *normed = floats_in(w.normed);
    pool.parallel_for(tokens, [&](int t) {
        const float *previous = t == 0 ? before : normed + (t - 1) * width;
        for (const Mix *mix = mixes; mix < mixes + count; mix++) {
            kernels.interpolate(normed + t * width, previous, mix->weight->data(), (int)width, mix->to->at(t * width));
            round(*mix->to, *mix->reader, t, 0, (int)width);
        }
    });
    memcpy(before, normed + (tokens - 1) * width, width * sizeof(float));
}

void ForwardPass::round(Rows &rows, const Matrix &reader, int row, int first, int last) const {
    if (!reader.is_quantized()) return;
    const size_t at = (size_t)row * reader.in() + first, group = at / kGroup;
    kernels.quantize(rows.at(at), last - first, reinterpret_cast<int8_t *>(rows.values.data()) + at,
                     floats_in(rows.scales) + group, reinterpret_cast<int32_t *>(rows.sums.data()) + group);
}

void ForwardPass::multiply(const Product *products, int count, int from) {
    int total = 0;
    for (int i = 0; i < count; i++) total += products[i].matrix->blocks();
    pool.parallel_ranges(total, [&](int first, int last) {
        for (int i = 0; i < count && last > 0; i++) {
            const int blocks = products[i].matrix->blocks(), end = last < blocks ? last : blocks;
            if (first < end) multiply_part(products[i], first, end - first, from);
            first = first > blocks ? first - blocks : 0, last -= blocks;
        }
    });
}

void ForwardPass::multiply_plain(const Matrix &matrix, int first_block, int blocks, const float *x, size_t ldx, int count, float *y,
                          size_t ldy) const {
    switch (matrix.kind()) {
    case TensorView::Kind::bf16:
        return kernels.multiply_bf16(matrix.plain<Bf16>(first_block, blocks), x, ldx, count, y, ldy);
    case TensorView::Kind::fp16:
        return kernels.multiply_fp16(matrix.plain<Fp16>(first_block, blocks), x, ldx, count, y, ldy);
    default: return kernels.multiply_floats(matrix.plain<float>(first_block, blocks), x, ldx, count, y, ldy);
    }
}

void ForwardPass::multiply_part(const Product &product, int first_block, int blocks, int from) {
    const Matrix &matrix = *product.matrix;
    const size_t in = matrix.in(), ld = padded(matrix.out()), at = (size_t)first_block * kBlock;
    const int count = tokens - from;
    float *to = product.to + at;
    if (matrix.is_quantized()) {
        const QuantizedRows all = product.from->rounded();
        const size_t group = from * in / kGroup;
        const QuantizedRows rows = {all.values + from * in, all.scales + group, all.sums + group};
        const auto multiply = matrix.kind() == TensorView::Kind::int4 ? kernels.multiply_int4 : kernels.multiply_int8;
        multiply(matrix.packed(first_block, blocks), rows, count, to, ld);
    } else {
        multiply_plain(matrix, first_block, blocks, product.from->at(from * in), in, count, to, ld);
    }
    const int columns = (int)(at + (size_t)blocks * kBlock < ld ? (size_t)blocks * kBlock : ld - at);
    for (int t = 0; t < count && product.epilogue != Epilogue::nothing; t++) {
        float *row = to + t * ld, *x = floats_in(w.x) + t * width + at;
        switch (product.epilogue) {
        case Epilogue::nothing: break;
        case Epilogue::tanh: kernels.tanh(columns, row); break;
        case Epilogue::sigmoid: kernels.sigmoid(columns, row); break;
        case Epilogue::relu_squared_quantize:
            kernels.relu_squared(columns, row);
            round(*product.rows, *product.reader, t, (int)at, (int)at + columns);
            break;
        case Epilogue::add_gated: kernels.multiply(product.gate + t * width + at, columns, row); [[fallthrough]];
        case Epilogue::add: kernels.add(row, columns, x); break;
        }
    }
}
