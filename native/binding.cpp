// The engine for Node: the only file that knows Node-API. It checks every argument and throws a TypeError where one is
// wrong. Runs happen on a thread of the pool that Node has for such work; results are copied into memory that V8 owns.
#define NAPI_VERSION 8
#include <node_api.h>

#include <cstring>
#include <stdexcept>

#include "engine/model.h"

namespace {

constexpr int kMostThreads = 64;

struct Run;

struct Reader {
    std::shared_ptr<Model> model;
    std::vector<float> state;
    Run *run = nullptr; // the one that it is in; of the main thread
};

struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void check(napi_status status, const char *what) {
    if (status != napi_ok) throw Failure(what);
}

// Calls `body` and turns what it throws into a TypeError.
template <typename Body> napi_value guarded(napi_env env, Body body) {
    try {
        return body();
    } catch (const std::exception &error) {
        bool is_pending = false;
        napi_is_exception_pending(env, &is_pending);
        if (!is_pending) napi_throw_type_error(env, nullptr, error.what());
        return nullptr;
    }
}

template <size_t N> struct Arguments {
    napi_value at[N] = {};
    Arguments(napi_env env, napi_callback_info info) {
        size_t count = N;
        check(napi_get_cb_info(env, info, &count, at, nullptr, nullptr), "the arguments cannot be read");
        if (count < N) throw Failure("too few arguments");
    }
};

napi_value property(napi_env env, napi_value object, const char *name) {
    napi_value value;
    check(napi_get_named_property(env, object, name, &value), name);
    return value;
}

int integer(napi_env env, napi_value object, const char *name) {
    int32_t value;
    check(napi_get_value_int32(env, property(env, object, name), &value), name);
    return value;
}

struct Array {
    napi_typedarray_type type;
    size_t length;
    void *data;
};

Array array(napi_env env, napi_value value, const char *name) {
    Array found;
    napi_value buffer;
    size_t offset;
    bool is_array = false;
    check(napi_is_typedarray(env, value, &is_array), name);
    if (!is_array) throw Failure(name);
    check(napi_get_typedarray_info(env, value, &found.type, &found.length, &found.data, &buffer, &offset), name);
    return found;
}

template <typename T> T &unwrapped(napi_env env, napi_value value, const char *name) {
    void *data = nullptr;
    napi_valuetype type;
    check(napi_typeof(env, value, &type), name);
    if (type != napi_external) throw Failure(name);
    check(napi_get_value_external(env, value, &data), name);
    return *static_cast<T *>(data);
}

template <typename T> napi_value external(napi_env env, T *owned) {
    napi_value value;
    auto drop = [](napi_env, void *data, void *) { delete static_cast<T *>(data); };
    check(napi_create_external(env, owned, drop, nullptr, &value), "out of memory");
    return value;
}

TensorView tensor(napi_env env, napi_value value, const char *name) {
    TensorView view = {};
    view.rows = integer(env, value, "rows");
    view.columns = integer(env, value, "columns");
    if (view.rows < 1 || view.columns < 1) throw Failure(name);
    const size_t count = (size_t)view.rows * view.columns;
    const Array values = array(env, property(env, value, "values"), name);
    bool has_scales = false, is_brain = false;
    check(napi_has_named_property(env, value, "scales", &has_scales), name);
    check(napi_has_named_property(env, value, "isBrain", &is_brain), name);
    switch (values.type) {
    case napi_float32_array: view.kind = TensorView::Kind::floats; break;
    case napi_uint16_array: view.kind = is_brain ? TensorView::Kind::brains : TensorView::Kind::halves; break;
    case napi_int8_array: view.kind = TensorView::Kind::int8; break;
    case napi_uint8_array: view.kind = TensorView::Kind::int4; break;
    default: throw Failure(name);
    }
    if (values.length != (view.kind == TensorView::Kind::int4 ? count / 2 : count)) throw Failure(name);
    view.values = values.data;
    if (view.kind == TensorView::Kind::int8 || view.kind == TensorView::Kind::int4) {
        if (!has_scales || view.columns % kGroup != 0) throw Failure(name);
        const Array scales = array(env, property(env, value, "scales"), name);
        if (scales.type != napi_float32_array || scales.length != count / kGroup) throw Failure(name);
        view.scales = static_cast<const float *>(scales.data);
    }
    return view;
}

bool can_run(const Sizes &sizes) {
    if (sizes.version < 4 || sizes.version > 7) return false;
    if (sizes.layers < 1 || sizes.width < 1 || sizes.heads < 1 || sizes.ffn_width < 1 || sizes.vocabulary < 1) return false;
    if (sizes.width % kPanel != 0 || sizes.ffn_width % kPanel != 0 || sizes.width % sizes.heads != 0) return false;
    return sizes.version == 7 ? sizes.head_size() == kHeadSize : sizes.head_size() % kPanel == 0;
}

// createModel({version, layers, …}, {name: {rows, columns, values, scales?}}, instructionSet): a model.
napi_value create_model(napi_env env, napi_callback_info info) {
    return guarded(env, [&] {
        Arguments<3> arguments(env, info);
        Sizes sizes = {};
        sizes.version = integer(env, arguments.at[0], "version"), sizes.layers = integer(env, arguments.at[0], "layers");
        sizes.width = integer(env, arguments.at[0], "width"), sizes.heads = integer(env, arguments.at[0], "heads");
        sizes.ffn_width = integer(env, arguments.at[0], "ffnWidth");
        sizes.vocabulary = integer(env, arguments.at[0], "vocabularySize");
        double eps;
        check(napi_get_value_double(env, property(env, arguments.at[0], "groupNormEps"), &eps), "groupNormEps");
        sizes.group_norm_eps = (float)eps;
        if (!can_run(sizes)) throw Failure("a model of a shape that this engine does not run");
        Tensors tensors;
        napi_value names;
        uint32_t count;
        check(napi_get_property_names(env, arguments.at[1], &names), "tensors");
        check(napi_get_array_length(env, names, &count), "tensors");
        for (uint32_t i = 0; i < count; i++) {
            napi_value key, value;
            char name[256];
            size_t length;
            check(napi_get_element(env, names, i, &key), "tensors");
            check(napi_get_value_string_utf8(env, key, name, sizeof name, &length), "tensors");
            check(napi_get_property(env, arguments.at[1], key, &value), name);
            tensors.emplace(name, tensor(env, value, name));
        }
        int32_t which;
        check(napi_get_value_int32(env, arguments.at[2], &which), "instructionSet");
        const Kernels *kernels = which < 0 ? nullptr : kernels_at(which);
        if (kernels == nullptr) throw Failure("instructionSet: this machine has no such one");
        return external(env, new std::shared_ptr<Model>(std::make_shared<Model>(sizes, tensors, *kernels)));
    });
}

// instructionSets(): the names of those that this machine runs, the best last.
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

// setThreads(model, threads): for the runs that begin from now on.
napi_value set_threads(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<2> arguments(env, info);
        auto &model = unwrapped<std::shared_ptr<Model>>(env, arguments.at[0], "model");
        int32_t threads;
        check(napi_get_value_int32(env, arguments.at[1], &threads), "threads");
        if (threads < 1 || threads > kMostThreads) throw Failure("threads");
        model->set_threads(threads);
        return nullptr;
    });
}

// openReader(model): a reader, with the empty state.
napi_value open_reader(napi_env env, napi_callback_info info) {
    return guarded(env, [&] {
        Arguments<1> arguments(env, info);
        auto &model = unwrapped<std::shared_ptr<Model>>(env, arguments.at[0], "model");
        auto reader = std::make_unique<Reader>();
        reader->model = model;
        reader->state.resize(model->sizes().state_floats());
        model->clear(reader->state.data());
        return external(env, reader.release());
    });
}

Reader &idle_reader(napi_env env, napi_value value) {
    Reader &reader = unwrapped<Reader>(env, value, "reader");
    if (reader.run != nullptr) throw Failure("the reader is in a run");
    return reader;
}

// save(reader, into): copies the state into a Float32Array.
napi_value save(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<2> arguments(env, info);
        Reader &reader = idle_reader(env, arguments.at[0]);
        const Array into = array(env, arguments.at[1], "into");
        if (into.type != napi_float32_array || into.length != reader.state.size()) throw Failure("into");
        memcpy(into.data, reader.state.data(), reader.state.size() * sizeof(float));
        return nullptr;
    });
}

// restore(reader, state or undefined): goes to a saved state, or to the empty one.
napi_value restore(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<2> arguments(env, info);
        Reader &reader = idle_reader(env, arguments.at[0]);
        napi_valuetype type;
        check(napi_typeof(env, arguments.at[1], &type), "state");
        if (type == napi_undefined) {
            reader.model->clear(reader.state.data());
            return nullptr;
        }
        const Array from = array(env, arguments.at[1], "state");
        if (from.type != napi_float32_array || from.length != reader.state.size()) throw Failure("state");
        memcpy(reader.state.data(), from.data, reader.state.size() * sizeof(float));
        return nullptr;
    });
}

struct Run {
    enum { whole, cancelled, out_of_memory } end = whole;
    std::atomic<bool> is_cancelled{false};
    napi_async_work work = nullptr;
    napi_deferred deferred = nullptr;
    napi_ref keeps_reader = nullptr;
    Reader *reader = nullptr;
    std::vector<int32_t> tokens;
    Want want = Want::none;
    std::vector<float> logits;
    size_t rows = 0;
};

// A run that is cancelled leaves the reader where it was. One of a single token is over too soon for that to pay.
void execute(napi_env, void *data) {
    Run &run = *static_cast<Run *>(data);
    Reader &reader = *run.reader;
    static const std::atomic<bool> never{false};
    const bool can_be_cancelled = run.tokens.size() > 1;
    try {
        std::vector<float> before;
        if (can_be_cancelled) before = reader.state;
        if (reader.model->run(run.tokens.data(), (int)run.tokens.size(), run.want, reader.state.data(),
                              can_be_cancelled ? run.is_cancelled : never, run.logits.data()))
            return;
        reader.state = std::move(before);
        run.end = Run::cancelled;
    } catch (const std::bad_alloc &) {
        run.end = Run::out_of_memory; // before the first layer: the state is what it was
    }
}

// Rows of logits, each as long as the vocabulary.
napi_value logits_of(napi_env env, const Run &run) {
    const size_t vocabulary = run.reader->model->sizes().vocabulary;
    const size_t stride = run.rows == 0 ? 0 : run.logits.size() / run.rows;
    void *data;
    napi_value buffer, result;
    check(napi_create_arraybuffer(env, run.rows * vocabulary * sizeof(float), &data, &buffer), "out of memory");
    for (size_t row = 0; row < run.rows; row++)
        memcpy(static_cast<float *>(data) + row * vocabulary, run.logits.data() + row * stride, vocabulary * sizeof(float));
    check(napi_create_typedarray(env, napi_float32_array, run.rows * vocabulary, buffer, 0, &result), "out of memory");
    return result;
}

void complete(napi_env env, napi_status status, void *data) {
    std::unique_ptr<Run> run(static_cast<Run *>(data));
    run->reader->run = nullptr;
    napi_value result = nullptr;
    if (status == napi_ok && run->end == Run::whole)
        result = guarded(env, [&] { return logits_of(env, *run); });
    else if (status == napi_ok && run->end == Run::cancelled)
        napi_get_undefined(env, &result);
    if (result != nullptr) {
        napi_resolve_deferred(env, run->deferred, result);
    } else {
        const char *problem = run->end == Run::out_of_memory ? "out of memory" : "the run was ended";
        napi_value text, error;
        napi_create_string_utf8(env, problem, NAPI_AUTO_LENGTH, &text);
        napi_create_error(env, nullptr, text, &error);
        napi_reject_deferred(env, run->deferred, error);
    }
    napi_delete_reference(env, run->keeps_reader);
    napi_delete_async_work(env, run->work);
}

// cancel(reader): ends its run within a layer. Nothing happens where there is none.
napi_value cancel(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<1> arguments(env, info);
        Run *run = unwrapped<Reader>(env, arguments.at[0], "reader").run;
        if (run != nullptr) run->is_cancelled = true;
        return nullptr;
    });
}

// run(reader, tokens, want): a promise of logits; want is 0 for none, 1 for the last token's, 2 for every token's. Of
// undefined where it was cancelled: the reader is then where it was before.
napi_value start_run(napi_env env, napi_callback_info info) {
    return guarded(env, [&] {
        Arguments<3> arguments(env, info);
        Reader &reader = idle_reader(env, arguments.at[0]);
        const Array tokens = array(env, arguments.at[1], "tokens");
        if (tokens.type != napi_int32_array || tokens.length < 1 || tokens.length > kMostTokens) throw Failure("tokens");
        auto run = std::make_unique<Run>();
        run->tokens.assign(static_cast<int32_t *>(tokens.data), static_cast<int32_t *>(tokens.data) + tokens.length);
        const int vocabulary = reader.model->sizes().vocabulary;
        for (int32_t token : run->tokens)
            if (token < 0 || token >= vocabulary) throw Failure("tokens: one is outside the vocabulary");
        int32_t want;
        check(napi_get_value_int32(env, arguments.at[2], &want), "want");
        if (want < 0 || want > 2) throw Failure("want");
        run->want = static_cast<Want>(want);
        run->rows = want == 0 ? 0 : want == 1 ? 1 : run->tokens.size();
        run->logits.resize(run->rows * ((vocabulary + kPanel - 1) / kPanel * kPanel));
        run->reader = &reader;

        napi_value promise, name;
        check(napi_create_string_utf8(env, "rwkv run", NAPI_AUTO_LENGTH, &name), "out of memory");
        check(napi_create_reference(env, arguments.at[0], 1, &run->keeps_reader), "out of memory");
        check(napi_create_promise(env, &run->deferred, &promise), "out of memory");
        check(napi_create_async_work(env, nullptr, name, execute, complete, run.get(), &run->work), "out of memory");
        check(napi_queue_async_work(env, run->work), "out of memory");
        reader.run = run.release(); // `complete` ends it, on this thread: not before this function is over
        return promise;
    });
}

} // namespace

NAPI_MODULE_INIT() {
    const struct {
        const char *name;
        napi_callback function;
    } functions[] = {
        {"createModel", create_model}, {"instructionSets", instruction_sets}, {"openReader", open_reader},
        {"save", save},                {"restore", restore},                  {"run", start_run},
        {"cancel", cancel},            {"setThreads", set_threads},
    };
    for (const auto &[name, function] : functions) {
        napi_value value;
        if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value) != napi_ok ||
            napi_set_named_property(env, exports, name, value) != napi_ok)
            return nullptr;
    }
    return exports;
}
