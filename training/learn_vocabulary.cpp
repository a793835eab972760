// Learns vocabulary entries by byte-pair encoding within chunks of text: words with the space before them, up to three
// digits, and runs of punctuation, newlines and indentation, which may be merged (`;\n    ` can be one entry).
//
//     learn_vocabulary SAMPLE COUNT    (documents in SAMPLE end with a zero byte; entries are printed as hex, in order)
//
// The vocabulary is used with greedy longest match, which needs neither merges nor chunks.
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <queue>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

using std::string;
using std::vector;

constexpr size_t kLongestChunk = 64, kLongestPiece = 32;

static bool is_letter(unsigned char c) { return isalpha(c) || c == '_' || c == '$' || c >= 128; }
static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// The end of the chunk that begins at `at`.
static size_t chunk_end(const string &s, size_t at) {
    size_t n = s.size(), end = at + 1;
    unsigned char c = s[at];
    if (is_letter(c) || (c == ' ' && end < n && is_letter(s[end]))) {
        while (end < n && is_letter(s[end])) end++;
        return end;
    }
    if (isdigit(c)) {
        while (end < n && end - at < 3 && isdigit((unsigned char)s[end])) end++;
        return end;
    }
    for (end = at; end < n && s[end] && !is_letter(s[end]) && !isdigit((unsigned char)s[end]);) {
        if (s[end++] != '\n') continue;
        while (end < n && is_blank(s[end])) end++;
        return end;
    }
    // A space before a word belongs to the word.
    if (end < n && end - at > 1 && s[end - 1] == ' ' && is_letter(s[end]) && !is_blank(s[end - 2])) end--;
    return end;
}

struct Chunk {
    vector<int> tokens;
    long count;
};

static uint64_t pair_of(int a, int b) { return (uint64_t)a << 32 | (uint32_t)b; }

class Learner {
  public:
    explicit Learner(const string &sample) {
        std::unordered_map<string, long> counts;
        for (size_t at = 0; at < sample.size();) {
            if (!sample[at]) {
                at++;
                continue;
            }
            size_t end = chunk_end(sample, at);
            counts[sample.substr(at, end - at)]++;
            at = end;
        }
        for (auto &[text, count] : counts) {
            if (text.size() < 2 || text.size() >= kLongestChunk || count < 2) continue;
            Chunk chunk{{}, count};
            for (unsigned char c : text) chunk.tokens.push_back(c);
            chunks_.push_back(chunk);
        }
        for (int i = 0; i < 256; i++) texts_.push_back(string(1, (char)i));
        for (size_t i = 0; i < chunks_.size(); i++) add_pairs((int)i, nullptr);
        for (auto &[pair, count] : counts_) queue_.push({count, pair});
    }

    // The next entry; empty if no pair occurs twice.
    string next() {
        while (!queue_.empty()) {
            auto [count, pair] = queue_.top();
            queue_.pop();
            auto known = counts_.find(pair);
            if (known == counts_.end()) continue;
            if (known->second != count) {
                if (known->second > 1 && known->second < count) queue_.push({known->second, pair});
                continue;
            }
            int a = (int)(pair >> 32), b = (int)(uint32_t)pair;
            if (count < 2) return "";
            if (texts_[a].size() + texts_[b].size() > kLongestPiece) {
                counts_.erase(known);
                continue;
            }
            merge(a, b);
            return texts_.back();
        }
        return "";
    }

  private:
    void add_pairs(int chunk, std::unordered_set<uint64_t> *touched) {
        auto &[tokens, count] = chunks_[chunk];
        for (size_t j = 0; j + 1 < tokens.size(); j++) {
            uint64_t pair = pair_of(tokens[j], tokens[j + 1]);
            counts_[pair] += count;
            auto &indexes = chunks_of_pair_[pair];
            if (indexes.empty() || indexes.back() != chunk) indexes.push_back(chunk);
            if (touched) touched->insert(pair);
        }
    }

    void merge(int a, int b) {
        int fresh = (int)texts_.size();
        texts_.push_back(texts_[a] + texts_[b]);
        uint64_t merged = pair_of(a, b);
        vector<int> indexes = std::move(chunks_of_pair_[merged]);
        std::unordered_set<uint64_t> touched;
        for (int i : indexes) {
            auto &tokens = chunks_[i].tokens;
            vector<int> joined;
            for (size_t j = 0; j < tokens.size(); j++) {
                bool is_pair = j + 1 < tokens.size() && tokens[j] == a && tokens[j + 1] == b;
                joined.push_back(is_pair ? fresh : tokens[j]);
                j += is_pair;
            }
            if (joined.size() == tokens.size()) continue;
            for (size_t j = 0; j + 1 < tokens.size(); j++) counts_[pair_of(tokens[j], tokens[j + 1])] -= chunks_[i].count;
            tokens = std::move(joined);
            add_pairs(i, &touched);
        }
        counts_.erase(merged);
        chunks_of_pair_.erase(merged);
        for (uint64_t pair : touched) queue_.push({counts_[pair], pair});
    }

    vector<Chunk> chunks_;
    vector<string> texts_;
    std::unordered_map<uint64_t, long> counts_;
    std::unordered_map<uint64_t, vector<int>> chunks_of_pair_;
    std::priority_queue<std::pair<long, uint64_t>> queue_;
};

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "usage: learn_vocabulary SAMPLE COUNT\n"), 2;
    std::ifstream file(argv[1], std::ios::binary);
    string sample{std::istreambuf_iterator<char>(file), {}};
    Learner learner(sample);
    for (int i = 0; i < atoi(argv[2]); i++) {
        string entry = learner.next();
        if (entry.empty()) break;
        for (unsigned char c : entry) printf("%02x", c);
        printf("\n");
    }
}
