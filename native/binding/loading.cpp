// The exported functions that build a model from tensors in JavaScript's memory.
#include "binding.h"

namespace {

constexpr int kMaxThreads = 64;

// A set of tensors to which rows can be added.
struct Loading {
    std::shared_ptr<Tensors> tensors = std::make_shared<Tensors>();
    bool is_busy = false; // true while rows are being packed; used by the main thread only
};

std::shared_ptr<Loading> idle(napi_env env, napi_value value) {
    std::shared_ptr<Loading> loading = unwrapped<Loading>(env, value, "tensors");
    if (loading->is_busy) throw ArgumentError("rows of these tensors are being packed");
    return loading;
}

TensorView view_of(napi_env env, napi_value part) {
    TensorView view = {};
    view.rows = integer_property(env, part, "rows");
    view.columns = integer_property(env, part, "columns");
    if (view.rows < 1 || view.columns < 1) throw ArgumentError("rows and columns");
    const size_t count = (size_t)view.rows * view.columns;
    const Array values = array(env, property(env, part, "values"), "values");
    const napi_value bf16 = property(env, part, "isBf16");
    bool is_bf16 = false;
    if (type_of(env, bf16) != napi_undefined) check(napi_get_value_bool(env, bf16, &is_bf16), "isBf16");
    switch (values.type) {
    case napi_float32_array: view.kind = TensorView::Kind::floats; break;
    case napi_uint16_array: view.kind = is_bf16 ? TensorView::Kind::bf16 : TensorView::Kind::fp16; break;
    case napi_int8_array: view.kind = TensorView::Kind::int8; break;
    case napi_uint8_array: view.kind = TensorView::Kind::int4; break;
    default: throw ArgumentError("values");
    }
    if (values.length != (view.kind == TensorView::Kind::int4 ? count / 2 : count)) throw ArgumentError("values");
    view.values = values.data;
    if (view.kind == TensorView::Kind::int8 || view.kind == TensorView::Kind::int4) {
        if (view.columns % kGroup != 0) throw ArgumentError("scales");
        const Array scales = array(env, property(env, part, "scales"), "scales");
        if (scales.type != napi_float32_array || scales.length != count / kGroup) throw ArgumentError("scales");
        view.scales = static_cast<const float *>(scales.data);
    }
    return view;
}

Tensors::Role role_of(const std::string &name) {
    const char *names[] = {"vector", "matrix", "transposed", "embedding"};
    for (int i = 0; i < 4; i++)
        if (name == names[i]) return static_cast<Tensors::Role>(i);
    throw ArgumentError("role");
}

// The task of packing some rows of a tensor.
class Packing : public Task {
  public:
    Packing(napi_env env, std::shared_ptr<Loading> loading, napi_value part)
        : loading_(std::move(loading)), name_(text(env, property(env, part, "name"), "name")),
          role_(role_of(text(env, property(env, part, "role"), "role"))), rows_(integer_property(env, part, "totalRows")),
          view_(view_of(env, part)) {}

  private:
    void work() override { loading_->tensors->add(name_, role_, rows_, view_); }
    void over() noexcept override { loading_->is_busy = false; }
    napi_value result(napi_env env) override { return undefined(env); }

    const std::shared_ptr<Loading> loading_;
    const std::string name_;
    const Tensors::Role role_;
    const int rows_;
    const TensorView view_;
};

bool can_run(const Sizes &sizes) {
    if (sizes.version < 4 || sizes.version > 7) return false;
    if (sizes.layers < 1 || sizes.width < 1 || sizes.heads < 1 || sizes.ffn_width < 1 || sizes.vocabulary < 1) return false;
    if (sizes.width % kPanel != 0 || sizes.ffn_width % kPanel != 0 || sizes.width % sizes.heads != 0) return false;
    return sizes.version == 7 ? sizes.head_size() == kHeadSize : sizes.head_size() % kPanel == 0;
}

} // namespace

// createTensors(): an empty set of tensors.
napi_value create_tensors(napi_env env, napi_callback_info) {
    return guarded(env, [&] { return boxed(env, std::make_shared<Loading>()); });
}

// addRows(tensors, {name, role, totalRows, rows, columns, values, scales?, isBf16?}): a promise that is resolved when
// the rows are packed. Their memory must not be changed until then.
napi_value add_rows(napi_env env, napi_callback_info info) {
    return guarded(env, [&] {
        Arguments<2> arguments(env, info);
        const std::shared_ptr<Loading> loading = idle(env, arguments.at[0]);
        auto packing = std::make_unique<Packing>(env, loading, arguments.at[1]);
        const napi_value values = property(env, arguments.at[1], "values"), scales = property(env, arguments.at[1], "scales");
        std::vector<napi_value> kept = {values};
        if (type_of(env, scales) == napi_object) kept.push_back(scales);
        const napi_value promise = Task::start(env, std::move(packing), kept);
        loading->is_busy = true;
        return promise;
    });
}

// createModel({version, layers, …}, tensors, instructionSet): creates a model. The model keeps the tensors alive.
napi_value create_model(napi_env env, napi_callback_info info) {
    return guarded(env, [&] {
        Arguments<3> arguments(env, info);
        Sizes sizes = {};
        const auto size = [&](const char *name) { return integer_property(env, arguments.at[0], name); };
        sizes.version = size("version"), sizes.layers = size("layers"), sizes.width = size("width");
        sizes.heads = size("heads"), sizes.ffn_width = size("ffnWidth"), sizes.vocabulary = size("vocabularySize");
        double eps;
        check(napi_get_value_double(env, property(env, arguments.at[0], "groupNormEps"), &eps), "groupNormEps");
        sizes.group_norm_eps = (float)eps;
        if (!can_run(sizes)) throw ArgumentError("the engine does not support a model of this shape");
        const std::shared_ptr<Loading> loading = idle(env, arguments.at[1]);
        const int which = integer(env, arguments.at[2], "instructionSet");
        const Kernels *kernels = which < 0 ? nullptr : kernels_at(which);
        if (kernels == nullptr) throw ArgumentError("instructionSet: this machine does not support it");
        return boxed(env, std::make_shared<Model>(sizes, loading->tensors, *kernels));
    });
}

// instructionSets(): the names of the instruction sets that this machine supports, the fastest one last.
napi_value instruction_sets(napi_env env, napi_callback_info) {
    return guarded(env, [&] {
        napi_value names, name;
        check(napi_create_array(env, &names), "out of memory");
        for (int i = 0; kernels_at(i) != nullptr; i++) {
            check(napi_create_string_utf8(env, kernels_at(i)->name, NAPI_AUTO_LENGTH, &name), "out of memory");
            check(napi_set_element(env, names, i, name), "out of memory");
        }
        return names;
    });
}

// setThreads(model, threads): sets the number of threads for runs that start after this call.
napi_value set_threads(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<2> arguments(env, info);
        const auto model = unwrapped<Model>(env, arguments.at[0], "model");
        const int threads = integer(env, arguments.at[1], "threads");
        if (threads < 1 || threads > kMaxThreads) throw ArgumentError("threads");
        model->set_threads(threads);
        return nullptr;
    });
}

