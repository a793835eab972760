#include "node.h"

napi_value Task::start(napi_env env, std::unique_ptr<Task> task, const std::vector<napi_value> &kept) {
    napi_value promise, name;
    for (napi_value value : kept) {
        napi_ref reference;
        check(napi_create_reference(env, value, 1, &reference), "out of memory");
        task->kept_.push_back(reference);
    }
    check(napi_create_string_utf8(env, "rwkv", NAPI_AUTO_LENGTH, &name), "out of memory");
    check(napi_create_promise(env, &task->deferred_, &promise), "out of memory");
    check(napi_create_async_work(env, nullptr, name, execute, complete, task.get(), &task->work_), "out of memory");
    check(napi_queue_async_work(env, task->work_), "out of memory");
    // `complete` deletes the task. It runs on this thread, so it cannot run before this function returns.
    task.release();
    return promise;
}

void Task::execute(napi_env, void *data) {
    Task &task = *static_cast<Task *>(data);
    try {
        task.work();
    } catch (const std::bad_alloc &) {
        task.problem_ = "out of memory";
    } catch (const std::exception &error) {
        task.problem_ = error.what();
    }
}

void Task::complete(napi_env env, napi_status status, void *data) {
    std::unique_ptr<Task> task(static_cast<Task *>(data));
    task->over();
    task->settle(env, status);
    for (napi_ref reference : task->kept_) napi_delete_reference(env, reference);
    napi_delete_async_work(env, task->work_);
}

void Task::settle(napi_env env, napi_status status) {
    if (status != napi_ok) problem_ = "the work was cancelled"; // the process is exiting
    if (problem_.empty()) {
        napi_value value = guarded(env, [&] { return result(env); });
        if (value != nullptr) {
            napi_resolve_deferred(env, deferred_, value);
            return;
        }
        napi_value error; // thrown by `result`
        napi_get_and_clear_last_exception(env, &error);
        napi_reject_deferred(env, deferred_, error);
        return;
    }
    napi_value text, error;
    napi_create_string_utf8(env, problem_.c_str(), NAPI_AUTO_LENGTH, &text);
    napi_create_type_error(env, nullptr, text, &error);
    napi_reject_deferred(env, deferred_, error);
}
