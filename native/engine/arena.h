#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

// Memory for a model's weights, in large pages if the system has them. Each token reads nearly all weights. With small
// pages, address translation would take much of a token's time. The memory is freed with the arena.
class Arena {
  public:
    Arena() = default;
    Arena(const Arena &) = delete;
    // Allocates memory aligned to 64 bytes. Throws std::bad_alloc.
    uint8_t *take(size_t bytes);

  private:
    struct Free {
        void operator()(uint8_t *memory) const;
    };
    std::vector<std::unique_ptr<uint8_t, Free>> slabs_;
    uint8_t *next_ = nullptr;
    size_t left_ = 0;
};
