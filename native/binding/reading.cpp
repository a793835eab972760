// The exported functions of readers. Each reader has its own state; the model is shared.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "../engine/packed_state.h"
#include "binding.h"

namespace {

// Numbers per block. The squares in a block are added up in float; the blocks' sums are added up in double.
constexpr size_t kSummed = 1024;

class Run;

struct Reader {
    std::shared_ptr<Model> model;
    std::vector<float> state;
    std::vector<float> logits = {}; // of the last step, with padding
    Run *run = nullptr; // the current run, if any; used by the main thread only
};

std::shared_ptr<Reader> idle_reader(napi_env env, napi_value value) {
    std::shared_ptr<Reader> reader = unwrapped<Reader>(env, value, "reader");
    if (reader->run != nullptr) throw ArgumentError("the reader is busy with a run");
    return reader;
}

// Copies a state of `count` floats from a Float32Array, or unpacks a packed state from a Uint8Array.
void copy_state(const Array &from, size_t count, float *into) {
    if (from.type == napi_float32_array && from.length == count)
        memcpy(into, from.data, count * sizeof(float));
    else if (from.type == napi_uint8_array && from.length == packed_state_bytes(count))
        unpack_state(static_cast<const uint8_t *>(from.data), count, into);
    else
        throw ArgumentError("state");
}

// Reads some tokens. A cancelled run leaves the reader's state unchanged.
class Run : public Task {
  public:
    Run(std::shared_ptr<Reader> reader, const Array &tokens, Want want)
        : reader_(std::move(reader)),
          tokens_(static_cast<int32_t *>(tokens.data), static_cast<int32_t *>(tokens.data) + tokens.length), want_(want),
          rows_(want == Want::none ? 0 : want == Want::last ? 1 : tokens.length) {
        for (int32_t token : tokens_)
            if (token < 0 || token >= vocabulary())
                throw ArgumentError("tokens: " + std::to_string(token) + " is not in the vocabulary");
        logits_.reset(new float[rows_ * stride()]); // uninitialized, because every value is written
    }
    void cancel() { is_cancelled_ = true; }

  private:
    // A run of a single token cannot be cancelled: it is so short that saving a copy of the state would not pay off.
    void work() override {
        static const std::atomic<bool> never{false};
        const bool can_be_cancelled = tokens_.size() > 1;
        std::vector<float> before;
        if (can_be_cancelled) before = reader_->state;
        // Model::run allocates memory before the first layer, so the state is unchanged if the allocation fails.
        is_complete_ = reader_->model->run(tokens_.data(), (int)tokens_.size(), want_, reader_->state.data(),
                                       can_be_cancelled ? is_cancelled_ : never, logits_.get());
        if (!is_complete_) reader_->state = std::move(before);
    }
    void over() noexcept override { reader_->run = nullptr; }
    // Removes the padding from the rows of logits.
    napi_value result(napi_env env) override {
        if (!is_complete_) return undefined(env);
        void *data;
        napi_value buffer, result;
        const size_t bytes = vocabulary() * sizeof(float);
        check(napi_create_arraybuffer(env, rows_ * bytes, &data, &buffer), "out of memory");
        for (size_t row = 0; row < rows_; row++)
            memcpy(static_cast<char *>(data) + row * bytes, logits_.get() + row * stride(), bytes);
        check(napi_create_typedarray(env, napi_float32_array, rows_ * vocabulary(), buffer, 0, &result), "out of memory");
        return result;
    }
    int vocabulary() const { return reader_->model->sizes().vocabulary; }
    size_t stride() const { return ((size_t)vocabulary() + kPanel - 1) / kPanel * kPanel; }

    const std::shared_ptr<Reader> reader_;
    const std::vector<int32_t> tokens_;
    const Want want_;
    const size_t rows_;
    std::unique_ptr<float[]> logits_;
    std::atomic<bool> is_cancelled_{false};
    bool is_complete_ = false;
};
} // namespace

// openReader(model): a reader with the empty state.
napi_value open_reader(napi_env env, napi_callback_info info) {
    return guarded(env, [&] {
        Arguments<1> arguments(env, info);
        const auto model = unwrapped<Model>(env, arguments.at[0], "model");
        const auto reader = std::make_shared<Reader>(Reader{model, std::vector<float>(model->sizes().state_floats())});
        model->clear(reader->state.data());
        return boxed(env, reader);
    });
}

// save(reader, into): copies the state into a Float32Array.
napi_value save(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<2> arguments(env, info);
        const auto reader = idle_reader(env, arguments.at[0]);
        const Array into = array(env, arguments.at[1], "into");
        if (into.type != napi_float32_array || into.length != reader->state.size()) throw ArgumentError("into");
        memcpy(into.data, reader->state.data(), reader->state.size() * sizeof(float));
        return nullptr;
    });
}

// restore(reader, state or undefined): continues from a saved or packed state, or from the empty one.
napi_value restore(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<2> arguments(env, info);
        const auto reader = idle_reader(env, arguments.at[0]);
        napi_valuetype type;
        check(napi_typeof(env, arguments.at[1], &type), "state");
        if (type == napi_undefined) {
            reader->model->clear(reader->state.data());
            return nullptr;
        }
        copy_state(array(env, arguments.at[1], "state"), reader->state.size(), reader->state.data());
        return nullptr;
    });
}

// packState(state, into): packs a Float32Array into a Uint8Array. Returns false if a number is not finite or too large.
napi_value pack_state(napi_env env, napi_callback_info info) {
    return guarded(env, [&] {
        Arguments<2> arguments(env, info);
        const Array from = array(env, arguments.at[0], "state"), into = array(env, arguments.at[1], "into");
        if (from.type != napi_float32_array) throw ArgumentError("state");
        if (into.type != napi_uint8_array || into.length != packed_state_bytes(from.length)) throw ArgumentError("into");
        napi_value result;
        const bool is_packed =
            pack_state(static_cast<const float *>(from.data), from.length, static_cast<uint8_t *>(into.data));
        check(napi_get_boolean(env, is_packed, &result), "out of memory");
        return result;
    });
}

// distance(reader, state): the relative distance of the working state to `state`, saved or packed: the norm of their
// difference, divided by the norm of `state`.
napi_value distance(napi_env env, napi_callback_info info) {
    return guarded(env, [&] {
        Arguments<2> arguments(env, info);
        const auto reader = idle_reader(env, arguments.at[0]);
        const size_t count = reader->state.size();
        const Array saved = array(env, arguments.at[1], "state");
        const bool is_full = saved.type == napi_float32_array && saved.length == count;
        std::vector<float> unpacked(is_full ? 0 : count); // a full state is compared in place
        if (!is_full) copy_state(saved, count, unpacked.data());
        const float *other = is_full ? static_cast<const float *>(saved.data) : unpacked.data();
        const float *current = reader->state.data();
        double difference = 0, norm = 0;
        for (size_t at = 0; at < count; at += kSummed) {
            float block_difference = 0, block_norm = 0; // floats are precise enough for so few numbers
            for (size_t i = at; i < std::min(at + kSummed, count); i++) {
                block_difference += (current[i] - other[i]) * (current[i] - other[i]);
                block_norm += other[i] * other[i];
            }
            difference += block_difference;
            norm += block_norm;
        }
        napi_value result;
        check(napi_create_double(env, std::sqrt(difference / std::max(norm, 1e-30)), &result), "out of memory");
        return result;
    });
}

// cancel(reader): stops the reader's current run, if any, at the end of a layer. A run of one token is not stopped.
napi_value cancel(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<1> arguments(env, info);
        Run *run = unwrapped<Reader>(env, arguments.at[0], "reader")->run;
        if (run != nullptr) run->cancel();
        return nullptr;
    });
}

// run(reader, tokens, want): a promise of logits. want is 0 for none, 1 for the last token's, 2 for every token's. If
// the run is cancelled, the promise is resolved with undefined, and the reader's state is unchanged.
napi_value start_run(napi_env env, napi_callback_info info) {
    return guarded(env, [&] {
        Arguments<3> arguments(env, info);
        const auto reader = idle_reader(env, arguments.at[0]);
        const Array tokens = array(env, arguments.at[1], "tokens");
        if (tokens.type != napi_int32_array || tokens.length < 1 || tokens.length > kMaxTokens)
            throw ArgumentError("tokens: an Int32Array of 1 to " + std::to_string(kMaxTokens) + " ids");
        const int want = integer(env, arguments.at[2], "want");
        if (want < 0 || want > 2) throw ArgumentError("want");
        auto run = std::make_unique<Run>(reader, tokens, static_cast<Want>(want));
        Run *started = run.get();
        const napi_value promise = Task::start(env, std::move(run), {});
        reader->run = started;
        return promise;
    });
}

// step(reader, token, logits): reads a single token on the calling thread, and writes its logits into a Float32Array.
napi_value step(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<3> arguments(env, info);
        const auto reader = idle_reader(env, arguments.at[0]);
        const int32_t token = integer(env, arguments.at[1], "token"), vocabulary = reader->model->sizes().vocabulary;
        if (token < 0 || token >= vocabulary) throw ArgumentError("token: not in the vocabulary");
        const Array logits = array(env, arguments.at[2], "logits");
        if (logits.type != napi_float32_array || logits.length != (size_t)vocabulary) throw ArgumentError("logits");
        static const std::atomic<bool> never{false};
        reader->logits.resize(((size_t)vocabulary + kPanel - 1) / kPanel * kPanel);
        reader->model->run(&token, 1, Want::last, reader->state.data(), never, reader->logits.data());
        memcpy(logits.data, reader->logits.data(), vocabulary * sizeof(float));
        return nullptr;
    });
}

// summarize(model, logits, into): writes the index of the largest logit, log Σ e^logit and the entropy in nats into a
// Float64Array of three.
napi_value summarize(napi_env env, napi_callback_info info) {
    return guarded(env, [&]() -> napi_value {
        Arguments<3> arguments(env, info);
        const auto model = unwrapped<Model>(env, arguments.at[0], "model");
        const Array logits = array(env, arguments.at[1], "logits"), into = array(env, arguments.at[2], "into");
        if (logits.type != napi_float32_array || logits.length != (size_t)model->sizes().vocabulary)
            throw ArgumentError("logits");
        if (into.type != napi_float64_array || into.length != 3) throw ArgumentError("into");
        const Summary summary = model->summarize(static_cast<const float *>(logits.data));
        double *values = static_cast<double *>(into.data);
        values[0] = (double)summary.top, values[1] = summary.log_sum, values[2] = summary.entropy;
        return nullptr;
    });
}
