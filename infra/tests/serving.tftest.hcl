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
  region   = "eu-west-1"
  services = { survival = { model_package_group = "titanic-survival", expected_invocations = 10, max_p99_ms = 250 } }
}

run "watches_both_endpoints" {
  command = plan
  module {
    source = "./modules/serving"
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_log_group.endpoint)) == toset(["survival-staging", "survival-prod"])
    error_message = "Each endpoint has its log."
  }

  assert {
    condition     = alltrue([for _, alarm in aws_cloudwatch_metric_alarm.latency : alarm.threshold == 250000])
    error_message = "SageMaker counts latency in microseconds."
  }

  assert {
    condition     = keys(aws_cloudwatch_metric_alarm.silent) == ["survival-prod"]
    error_message = "Silence of staging is no alarm."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.rate) == 5 && !contains(keys(aws_cloudwatch_metric_alarm.rate), "survival-staging-4xx")
    error_message = "Wrong input is tried on staging on purpose."
  }
}

run "leaves_a_group_of_an_earlier_phase_alone" {
  command = plan
  module {
    source = "./modules/serving"
  }
  variables {
    services = { survival = { model_package_group = "titanic-survival", create_model_package_group = false } }
  }

  assert {
    condition     = length(aws_sagemaker_model_package_group.group) == 0
    error_message = "A group that is already there is not made again."
  }
}

run "refuses_a_name_that_aws_would_write_differently" {
  command = plan
  module {
    source = "./modules/serving"
  }
  variables {
    services = { Survival = { model_package_group = "titanic-survival" } }
  }
  expect_failures = [var.services]
}

run "refuses_a_latency_that_sagemaker_cannot_have" {
  command = plan
  module {
    source = "./modules/serving"
  }
  variables {
    services = { survival = { model_package_group = "titanic-survival", max_p99_ms = 90000 } }
  }
  expect_failures = [var.services]
}
