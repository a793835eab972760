// Helpers for Node-API: checked arguments, errors as TypeErrors, and tasks on Node's thread pool.
#pragma once
#define NAPI_VERSION 8
#include <node_api.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

struct ArgumentError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void check(napi_status status, const char *what) {
    if (status != napi_ok) throw ArgumentError(what);
}

// Calls `body` and turns an exception into a TypeError.
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
        if (count < N) throw ArgumentError("too few arguments");
    }
};

inline napi_value property(napi_env env, napi_value object, const char *name) {
    napi_value value;
    check(napi_get_named_property(env, object, name, &value), name);
    return value;
}

// Reads a 32-bit integer. Node-API's own function would convert NaN and 2^32 to 0, and 1.5 to 1.
inline int integer(napi_env env, napi_value value, const char *name) {
    double number;
    check(napi_get_value_double(env, value, &number), name);
    if (!(number >= INT32_MIN && number <= INT32_MAX) || number != std::trunc(number))
        throw ArgumentError(std::string(name) + ": not a 32-bit integer");
    return (int)number;
}

inline int integer_property(napi_env env, napi_value object, const char *name) {
    return integer(env, property(env, object, name), name);
}

struct Array {
    napi_typedarray_type type;
    size_t length;
    void *data;
};

inline Array array(napi_env env, napi_value value, const char *name) {
    Array found;
    napi_value buffer;
    size_t offset;
    bool is_array = false;
    check(napi_is_typedarray(env, value, &is_array), name);
    if (!is_array) throw ArgumentError(name);
    check(napi_get_typedarray_info(env, value, &found.type, &found.length, &found.data, &buffer, &offset), name);
    return found;
}

inline napi_valuetype type_of(napi_env env, napi_value value) {
    napi_valuetype type;
    check(napi_typeof(env, value, &type), "a type");
    return type;
}

// What a JavaScript handle refers to: an object and its type. Tasks share the ownership of the objects that they use.
struct Box {
    const void *tag; // &kBoxTag, to recognize external values of other addons
    const void *type;
    std::shared_ptr<void> owned; // null after the box has been closed
    static inline const char kBoxTag = 0;
};

template <typename T> const void *type_tag() {
    static const char tag = 0;
    return &tag;
}

// @throws ArgumentError with `what` if the value is not a box.
inline Box &box_of(napi_env env, napi_value value, const char *what) {
    void *data = nullptr;
    if (type_of(env, value) != napi_external) throw ArgumentError(what);
    check(napi_get_value_external(env, value, &data), what);
    Box &box = *static_cast<Box *>(data);
    if (box.tag != &Box::kBoxTag) throw ArgumentError(what);
    return box;
}

// The object in a box. @throws ArgumentError with `what` if it has another type or is closed.
template <typename T> std::shared_ptr<T> unwrapped(napi_env env, napi_value value, const char *what) {
    const Box &box = box_of(env, value, what);
    if (box.type != type_tag<T>()) throw ArgumentError(what);
    if (box.owned == nullptr) throw ArgumentError(std::string(what) + " is closed");
    return std::static_pointer_cast<T>(box.owned);
}

// Creates a box. The object in it is freed when the box is closed, or when JavaScript no longer refers to it.
template <typename T> napi_value boxed(napi_env env, std::shared_ptr<T> owned) {
    auto box = std::make_unique<Box>(Box{&Box::kBoxTag, type_tag<T>(), std::move(owned)});
    napi_value value;
    auto drop = [](napi_env, void *data, void *) { delete static_cast<Box *>(data); };
    check(napi_create_external(env, box.get(), drop, nullptr, &value), "out of memory");
    box.release();
    return value;
}

inline napi_value undefined(napi_env env) {
    napi_value value;
    check(napi_get_undefined(env, &value), "undefined");
    return value;
}

// Reads a string, but at most its first 255 bytes.
inline std::string text(napi_env env, napi_value value, const char *what) {
    char bytes[256];
    size_t length;
    check(napi_get_value_string_utf8(env, value, bytes, sizeof bytes, &length), what);
    return std::string(bytes, length);
}

// Work on a thread of Node's pool. JavaScript gets a promise of the result.
class Task {
  public:
    virtual ~Task() = default;
    // Starts the task and passes its ownership to Node. `kept`: JavaScript values that must stay alive until the task
    // has ended.
    static napi_value start(napi_env env, std::unique_ptr<Task> task, const std::vector<napi_value> &kept);

  protected:
    // Runs on a thread of the pool. An exception becomes a TypeError.
    virtual void work() = 0;
    // Runs on the main thread after work(), even if work() failed.
    virtual void over() noexcept = 0;
    // The value that the promise is resolved with.
    virtual napi_value result(napi_env env) = 0;

  private:
    static void execute(napi_env env, void *data);
    static void complete(napi_env env, napi_status status, void *data);
    void settle(napi_env env, napi_status status);

    napi_async_work work_ = nullptr;
    napi_deferred deferred_ = nullptr;
    std::vector<napi_ref> kept_;
    std::string problem_;
};
