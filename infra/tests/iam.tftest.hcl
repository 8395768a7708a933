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
  services              = { survival = { model_package_group = "titanic-survival" } }
  model_data_arns       = ["arn:aws:s3:::titanic-models/survival/*"]
  model_repository_arns = ["arn:aws:ecr:eu-west-1:123456789012:repository/titanic-survival"]
}

run "names_what_titanic_yml_names" {
  command = plan
  module {
    source = "./modules/iam"
  }

  assert {
    condition     = aws_iam_user.operator.name == "data-science-user" && aws_iam_role.sagemaker_execution.name == "titanic-sagemaker-execution"
    error_message = "The names are those of the documents."
  }
}

run "refuses_a_service_named_like_an_environment" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    services = { survival-prod = { model_package_group = "titanic-survival" } }
  }
  expect_failures = [var.services]
}

run "refuses_to_delete_by_prefix_alone" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    tags = {}
  }
  expect_failures = [var.tags]
}

run "refuses_a_whole_bucket_list" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    model_data_arns = ["arn:aws:s3:::*"]
  }
  expect_failures = [var.model_data_arns]
}

run "refuses_instance_types_of_ec2" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    allowed_instance_types = { staging = ["m5.large"], prod = ["ml.m5.large"] }
  }
  expect_failures = [var.allowed_instance_types]
}

run "lets_no_pipeline_in_by_itself" {
  command = plan
  module {
    source = "./modules/iam"
  }

  assert {
    condition     = length(aws_iam_role.pipeline) == 0 && length(aws_iam_openid_connect_provider.github) == 0 && !contains(keys(output.policies), "pipeline")
    error_message = "Only a repository that is named gets a role."
  }
}

run "refuses_a_repository_with_a_wildcard" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    pipeline = { repository = "octo/*", branches = ["main"] }
  }
  expect_failures = [var.pipeline]
}

run "refuses_a_repository_from_any_branch" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    pipeline = { repository = "octo/models" }
  }
  expect_failures = [var.pipeline]
}

run "refuses_branches_by_a_wildcard" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    pipeline = { repository = "octo/models", branches = ["*"] }
  }
  expect_failures = [var.pipeline]
}

run "takes_a_repository_by_its_numbers_and_a_provider_that_is_there" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    pipeline = { repository = "octo@1234/models@5678", environments = ["titanic"], make_oidc_provider = false }
  }

  assert {
    condition     = length(aws_iam_role.pipeline) == 1 && length(aws_iam_openid_connect_provider.github) == 0
    error_message = "An account has one provider for GitHub; who has it makes no second one."
  }
}

run "refuses_a_bot_that_anybody_can_be" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    bot_principal_arns = ["arn:aws:iam::123456789012:role/*"]
  }
  expect_failures = [var.bot_principal_arns]
}

run "refuses_alarms_by_a_wildcard" {
  command = plan
  module {
    source = "./modules/iam"
  }
  variables {
    named_alarms = ["titanic-*"]
  }
  expect_failures = [var.named_alarms]
}
