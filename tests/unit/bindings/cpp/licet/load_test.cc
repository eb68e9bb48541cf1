#include "licet/load.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "eval/image.h"
#include "licet/licet.h"

namespace licet {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPolicy = "package p\n\npermit known if user.id in data.known\n";
constexpr const char* kRequest = R"({"user": {"id": "ann"}})";

class Load : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / (std::string("licet_load_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  fs::path folder_;
};

TEST_F(Load, a_folder_and_data_make_an_engine_that_decides) {
  write("p.licet", kPolicy);
  LoadOptions options;
  options.data = {write("known.json", R"({"known": ["ann"]})")};
  auto engine = load(folder_.string(), options);
  ASSERT_TRUE(engine) << engine.error().message;
  EXPECT_TRUE(engine->decide_json(kRequest));
  EXPECT_FALSE(engine->decide_json(R"({"user": {"id": "bob"}})"));
}

TEST_F(Load, a_policy_that_does_not_compile_is_an_error_with_its_places) {
  const std::string path = write("bad.licet", "package p\n\npermit a if x\n\npermit b if y\n");
  const auto engine = load(path);
  ASSERT_FALSE(engine);
  const LoadError& error = engine.error();
  EXPECT_EQ(error.message, "the policies do not compile: 2 errors");
  ASSERT_EQ(error.problems.size(), 2U);
  EXPECT_EQ(error.problems[0].code, "L0301");
  EXPECT_EQ(error.problems[0].file, path);
  EXPECT_EQ(error.problems[0].line, 3U);
  EXPECT_EQ(error.problems[1].line, 5U);
  EXPECT_NE(error.text.find("error[L0301]"), std::string::npos);
}

TEST_F(Load, files_that_are_not_there_are_an_error) {
  const std::string policy = write("p.licet", kPolicy);
  const auto no_policy = load((folder_ / "none").string());
  ASSERT_FALSE(no_policy);
  EXPECT_TRUE(no_policy.error().message.ends_with("no such file or directory"));
  LoadOptions options;
  options.data = {(folder_ / "none.json").string()};
  const auto no_data = load(policy, options);
  ASSERT_FALSE(no_data);
  EXPECT_TRUE(no_data.error().problems.empty());
}

TEST_F(Load, reload_takes_the_new_policies_or_leaves_the_old_ones_in_force) {
  const std::string path = write("p.licet", "package p\n\npermit all if true\n");
  Engine engine = load(path).value();
  const std::string revision(engine.decide_json(kRequest).revision());
  write("p.licet", "package p\n\npermit all if\n");
  EXPECT_TRUE(reload(engine, {path}));
  EXPECT_EQ(engine.decide_json(kRequest).revision(), revision);
  EXPECT_TRUE(engine.decide_json(kRequest));
  write("p.licet", "package p\n\npermit nobody if false\n");
  EXPECT_FALSE(reload(engine, {path}));
  EXPECT_NE(engine.decide_json(kRequest).revision(), revision);
  EXPECT_FALSE(engine.decide_json(kRequest));
}

TEST_F(Load, an_image_decides_as_what_it_was_made_from) {
  const std::string policy = write("p.licet", kPolicy);
  LoadOptions options;
  options.data = {write("known.json", R"({"known": ["ann"]})")};
  const auto loaded = load_program({policy}, options);
  ASSERT_TRUE(loaded);
  const std::string image = write("p.image", image_from_program(*loaded.value().program));
  auto engine = load(image);
  ASSERT_TRUE(engine) << engine.error().message;
  EXPECT_TRUE(engine->decide_json(kRequest));
  EXPECT_EQ(engine->decide_json(kRequest).revision(), loaded.value().program->revision);
  const auto with_data = load(image, options);
  ASSERT_FALSE(with_data);
  EXPECT_TRUE(
      with_data.error().message.ends_with("is a compiled image and cannot be compiled again"));
}

TEST_F(Load, texts_in_memory_and_data_files_make_one_program) {
  LoadOptions options;
  options.data = {write("known.json", R"({"known": ["ann"]})")};
  const auto loaded =
      load_texts({{"p.licet", kPolicy}}, {{"more.yaml", "groups: {staff: [bob]}"}}, options);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const Engine engine(loaded.value().program);
  EXPECT_TRUE(engine.decide_json(kRequest));
  const auto staff = engine.query("data.groups.staff", Value::undefined());
  ASSERT_TRUE(staff);
  EXPECT_EQ(staff.value().value.size(), 1U);
  const auto conflict = load_texts({}, {{"again.json", R"({"known": []})"}}, options);
  ASSERT_FALSE(conflict);
  EXPECT_NE(conflict.error().message.find("`data.known` has a value in `"), std::string::npos);
}

TEST_F(Load, a_damaged_image_is_an_error) {
  const std::string policy = write("p.licet", kPolicy);
  const auto loaded = load_program({policy});
  ASSERT_TRUE(loaded);
  std::string bytes = image_from_program(*loaded.value().program);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  const auto engine = load(write("p.image", bytes));
  ASSERT_FALSE(engine);
  EXPECT_NE(engine.error().message.find("cannot be loaded: "), std::string::npos);
}

TEST_F(Load, slots_are_typed_handles_of_attributes) {
  Engine engine =
      load(write("p.licet", "package p\n\npermit risk if user.department == \"risk\"\n")).value();
  const auto department = engine.slot<std::string_view>("user.department");
  ASSERT_TRUE(department);
  Request request(engine);
  request.set(department.value(), "risk");
  EXPECT_TRUE(engine.decide(request));
  request.reset().set(department.value(), "research");
  EXPECT_EQ(engine.decide(request).message(), "no permit applies");
}

}  // namespace
}  // namespace licet
