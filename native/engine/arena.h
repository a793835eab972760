// Where weights lie.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

// Memory that a model's weights lie in, one behind the other as they are read, in large pages where the system has them:
// each token reads all of it, and finding so many small pages takes a quarter of that time. It stays until the arena goes.
class Arena {
  public:
    Arena() = default;
    Arena(const Arena &) = delete;
    // Begins at a multiple of 64. Throws std::bad_alloc.
    uint8_t *take(size_t bytes);

  private:
    struct Free {
        void operator()(uint8_t *memory) const;
    };
    std::vector<std::unique_ptr<uint8_t, Free>> slabs_;
    uint8_t *next_ = nullptr;
    size_t left_ = 0;
};
