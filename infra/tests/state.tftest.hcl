mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}", minified_json = "{}" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { name = "eu-west-1" }
  }
}

variables {
  writer_principal_arns = ["arn:aws:iam::123456789012:role/titanic-bot-task"]
  alarm_topic           = { name = "titanic-alarms", arn = "arn:aws:sns:eu-west-1:123456789012:titanic-alarms" }
}

run "is_kept_by_default" {
  command = plan
  module {
    source = "./modules/state"
  }

  assert {
    condition     = aws_dynamodb_table.log.deletion_protection_enabled && aws_dynamodb_table.log.point_in_time_recovery[0].enabled
    error_message = "The record is protected and can be restored."
  }

  assert {
    condition     = aws_dynamodb_table.log.hash_key == "pk" && aws_dynamodb_table.log.range_key == "sk" && aws_dynamodb_table.log.billing_mode == "PAY_PER_REQUEST"
    error_message = "The keys are those that titanic checks for."
  }

  assert {
    condition     = jsondecode(aws_pipes_pipe.tampered[0].source_parameters[0].filter_criteria[0].filter[0].pattern).eventName == ["MODIFY", "REMOVE"]
    error_message = "New entries are no alarm; changed and removed ones are."
  }
}

run "without_alarm_there_is_no_stream" {
  command = plan
  module {
    source = "./modules/state"
  }
  variables {
    tamper_alarm = false
    alarm_topic  = null
  }

  assert {
    condition     = !aws_dynamodb_table.log.stream_enabled && length(aws_pipes_pipe.tampered) == 0
    error_message = "What is not wanted is not made."
  }
}

run "refuses_an_alarm_that_nobody_hears" {
  command = plan
  module {
    source = "./modules/state"
  }
  variables {
    alarm_topic = null
  }
  expect_failures = [var.alarm_topic]
}

run "refuses_a_table_that_nobody_may_write" {
  command = plan
  module {
    source = "./modules/state"
  }
  variables {
    writer_principal_arns = []
  }
  expect_failures = [var.writer_principal_arns]
}
