// As much of the protocol-buffer wire format as the addon needs.
#pragma once
#include <cstdint>
#include <string>

// Reads the fields of one message; messages inside it are read by a reader of their own.
class FieldReader {
 public:
  FieldReader(const void* data, size_t length)
      : at_(static_cast<const uint8_t*>(data)), end_(at_ + length), bytes_(at_), bytesEnd_(at_) {}

  bool atEnd() const { return at_ >= end_; }
  int number() const { return number_; }
  // The content of the present field if it has a length, otherwise nothing.
  FieldReader bytes() const { return FieldReader(bytes_, static_cast<size_t>(bytesEnd_ - bytes_)); }

  // Goes to the next field; false at the end, or where the bytes are no message.
  bool next() {
    if (atEnd()) return false;
    const uint64_t tag = varint();
    number_ = static_cast<int>(tag >> 3);
    bytes_ = bytesEnd_ = at_;
    switch (tag & 7) {
      case 0:
        varint();
        return true;
      case 1:
        return skip(8);
      case 2: {
        const uint64_t length = varint();
        bytes_ = at_;
        if (!skip(length)) return false;
        bytesEnd_ = at_;
        return true;
      }
      case 5:
        return skip(4);
    }
    at_ = end_;
    return false;
  }

 private:
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; at_ < end_ && shift < 64; shift += 7) {
      const uint8_t byte = *at_++;
      value |= static_cast<uint64_t>(byte & 127) << shift;
      if (byte < 128) break;
    }
    return value;
  }

  bool skip(uint64_t length) {
    if (length > static_cast<uint64_t>(end_ - at_)) {
      at_ = end_;
      return false;
    }
    at_ += length;
    return true;
  }

  const uint8_t* at_;
  const uint8_t* end_;
  const uint8_t* bytes_;
  const uint8_t* bytesEnd_;
  int number_ = 0;
};

// Writes a message field by field.
class FieldWriter {
 public:
  FieldWriter& number(int field, int64_t value) {
    varint(static_cast<uint64_t>(field) << 3);
    varint(static_cast<uint64_t>(value));
    return *this;
  }

  FieldWriter& bytes(int field, const std::string& content) {
    varint(static_cast<uint64_t>(field) << 3 | 2);
    varint(content.size());
    text_ += content;
    return *this;
  }

  const std::string& text() const { return text_; }

 private:
  void varint(uint64_t value) {
    for (; value >= 128; value >>= 7) text_ += static_cast<char>((value & 127) | 128);
    text_ += static_cast<char>(value);
  }

  std::string text_;
};
