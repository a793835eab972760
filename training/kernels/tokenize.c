// Greedy longest match over a byte trie, like src/rwkv/tokenizers/greedyTrie.ts.
#include "common.h"

typedef struct {
    int32_t child[256]; // 0: none
    int32_t token;      // -1: no entry ends here
} Node;

struct Trie {
    Node *nodes;
    int count, room;
};

static int new_node(struct Trie *t) {
    if (t->count == t->room) t->nodes = realloc(t->nodes, sizeof(Node) * (t->room *= 2));
    memset(t->nodes[t->count].child, 0, sizeof t->nodes[0].child);
    t->nodes[t->count].token = -1;
    return t->count++;
}

// Entry i is bytes[offsets[i], offsets[i + 1]); an empty one has no text.
void *trie_new(const uint8_t *bytes, const int32_t *offsets, int entries) {
    struct Trie *t = malloc(sizeof *t);
    t->count = 0, t->room = 1024, t->nodes = malloc(sizeof(Node) * t->room);
    new_node(t);
    for (int i = 0; i < entries; i++) {
        if (offsets[i] == offsets[i + 1]) continue;
        int at = 0;
        for (int j = offsets[i]; j < offsets[i + 1]; j++) {
            if (!t->nodes[at].child[bytes[j]]) {
                int fresh = new_node(t);
                t->nodes[at].child[bytes[j]] = fresh;
            }
            at = t->nodes[at].child[bytes[j]];
        }
        t->nodes[at].token = i;
    }
    return t;
}

// `tokens` must have room for `length` tokens. Returns their number, or -1 if no entry matches.
int64_t trie_encode(const struct Trie *t, const uint8_t *text, int64_t length, uint16_t *tokens) {
    int64_t count = 0;
    for (int64_t at = 0; at < length;) {
        int node = 0, best = -1;
        int64_t end = at;
        for (int64_t i = at; i < length && (node = t->nodes[node].child[text[i]]); i++)
            if (t->nodes[node].token >= 0) best = t->nodes[node].token, end = i + 1;
        if (best < 0) return -1;
        tokens[count++] = (uint16_t)best;
        at = end;
    }
    return count;
}
