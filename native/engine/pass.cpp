#include "pass.h"

#include <cstring>

Rows::Rows(int count, size_t width)
    : floats(block_of(count * width * sizeof(float))), values(block_of(count * width)),
      scales(block_of(count * width / kGroup * sizeof(float))), sums(block_of(count * width / kGroup * sizeof(int32_t))) {}

QuantisedRows Rows::rounded() const {
    return {reinterpret_cast<const int8_t *>(values.data()), reinterpret_cast<const float *>(scales.data()),
            reinterpret_cast<const int32_t *>(sums.data())};
}

Workspace::Workspace(const Sizes &sizes, int most_rank) {
    const size_t width = padded(sizes.width), rank = padded(most_rank > 0 ? most_rank : 1);
    for (Block *block : {&x, &normed, &first}) *block = block_of(kMostTokens * width * sizeof(float));
    for (Block &block : product) block = block_of(kMostTokens * width * sizeof(float));
    for (Block &block : low) block = block_of(kMostTokens * rank * sizeof(float));
    for (Rows &rows : mixed) rows = Rows(kMostTokens, width);
    y = Rows(kMostTokens, width);
    wide = Rows(kMostTokens, padded(sizes.ffn_width));
}

void Pass::norm(const Norm &norm, float *to, int from) {
    team.each(tokens - from, [&](int row) {
        const size_t at = (from + row) * width;
        kernels.layer_norm(floats_of(w.x) + at, norm.weight.data(), norm.bias.data(), (int)width, to + at);
    });
}

void Pass::head(const Norm &ln_out, const Matrix &head, int from, float *logits) {
    norm(ln_out, w.y.at(), from);
    team.each(tokens - from, [&](int row) { round(w.y, head, from + row, 0, (int)width); });
    multiply({{&head, &w.y, logits}}, 1, from);
}

void Pass::mix(const Mix *mixes, int count, float *before) {
    const float *normed = floats_of(w.normed);
    team.each(tokens, [&](int t) {
        const float *previous = t == 0 ? before : normed + (t - 1) * width;
        for (const Mix *mix = mixes; mix < mixes + count; mix++) {
            kernels.interpolate(normed + t * width, previous, mix->share->data(), (int)width, mix->to->at(t * width));
            round(*mix->to, *mix->reader, t, 0, (int)width);
        }
    });
    memcpy(before, normed + (tokens - 1) * width, width * sizeof(float));
}

void Pass::round(Rows &rows, const Matrix &reader, int row, int first, int last) const {
    if (!reader.is_quantised()) return;
    const size_t at = (size_t)row * reader.in() + first, group = at / kGroup;
    kernels.quantise(rows.at(at), last - first, reinterpret_cast<int8_t *>(rows.values.data()) + at,
                     floats_of(rows.scales) + group, reinterpret_cast<int32_t *>(rows.sums.data()) + group);
}

void Pass::multiply(const Product *products, int count, int from) {
    int total = 0;
    for (int i = 0; i < count; i++) total += products[i].matrix->blocks();
    team.ranges(total, [&](int first, int last) {
        for (int i = 0; i < count && last > 0; i++) {
            const int blocks = products[i].matrix->blocks(), end = last < blocks ? last : blocks;
            if (first < end) multiply_part(products[i], first, end - first, from);
            first = first > blocks ? first - blocks : 0, last -= blocks;
        }
    });
}

void Pass::multiply_plain(const Matrix &matrix, int first_block, int blocks, const float *x, size_t ldx, int count, float *y,
                          size_t ldy) const {
    switch (matrix.kind()) {
    case TensorView::Kind::brains:
        return kernels.multiply_brains(matrix.plain<Brain>(first_block, blocks), x, ldx, count, y, ldy);
    case TensorView::Kind::halves:
        return kernels.multiply_halves(matrix.plain<Half>(first_block, blocks), x, ldx, count, y, ldy);
    default: return kernels.multiply_floats(matrix.plain<float>(first_block, blocks), x, ldx, count, y, ldy);
    }
}

void Pass::multiply_part(const Product &product, int first_block, int blocks, int from) {
    const Matrix &matrix = *product.matrix;
    const size_t in = matrix.in(), ld = padded(matrix.out()), at = (size_t)first_block * kBlock;
    const int count = tokens - from;
    float *to = product.to + at;
    if (matrix.is_quantised()) {
        const QuantisedRows all = product.from->rounded();
        const size_t group = from * in / kGroup;
        const QuantisedRows rows = {all.values + from * in, all.scales + group, all.sums + group};
        const auto multiply = matrix.kind() == TensorView::Kind::int4 ? kernels.multiply_int4 : kernels.multiply_int8;
        multiply(matrix.packed(first_block, blocks), rows, count, to, ld);
    } else {
        multiply_plain(matrix, first_block, blocks, product.from->at(from * in), in, count, to, ld);
    }
    const int columns = (int)(at + (size_t)blocks * kBlock < ld ? (size_t)blocks * kBlock : ld - at);
    for (int t = 0; t < count && product.then != Then::nothing; t++) {
        float *row = to + t * ld, *x = floats_of(w.x) + t * width + at;
        switch (product.then) {
        case Then::nothing: break;
        case Then::tangent: kernels.tangent(columns, row); break;
        case Then::sigmoid: kernels.sigmoid(columns, row); break;
        case Then::round_squares:
            kernels.relu_squared(columns, row);
            round(*product.rows, *product.reader, t, (int)at, (int)at + columns);
            break;
        case Then::add_gated: kernels.multiply(product.gate + t * width + at, columns, row); [[fallthrough]];
        case Then::add: kernels.add(row, columns, x); break;
        }
    }
}
