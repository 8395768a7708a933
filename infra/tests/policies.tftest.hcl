# Renders the policies with the real provider and without any account. test/infra/run.ts takes them from here, compares
# them with the committed ones, and the cases in test/infra judge those.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.iam.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.state.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  region                = "us-east-1"
  services              = { survival = { model_package_group = "titanic-survival" } }
  model_data_arns       = ["arn:aws:s3:::titanic-models/survival/*"]
  model_repository_arns = ["arn:aws:ecr:us-east-1:123456789012:repository/titanic-survival"]
  named_alarms          = ["basket-value"]
  pipeline              = { repository = "octo/models", environments = ["titanic"], branches = ["main"] }
}

run "rendered" {
  command = plan

  assert {
    condition     = alltrue([for name, policy in output.policies : can(jsondecode(policy).Statement)])
    error_message = "Every policy has to be known before anything exists."
  }

  assert {
    condition     = !strcontains(output.policies["prod"], "sagemaker:DeleteEndpoint\"") && !strcontains(output.policies["operator"], "PutItem")
    error_message = "By itself nothing deletes prod, and no person writes the record."
  }

  assert {
    condition     = alltrue([for name, policy in output.policies : length(policy) < 10240])
    error_message = "IAM takes 10,240 characters in the policies of a role."
  }
}

run "with_switches" {
  command = plan

  variables {
    allow_prod_deletion        = true
    operator_may_append        = true
    break_glass_principal_arns = ["arn:aws:iam::123456789012:role/break-glass"]
    bot_principal_arns         = ["arn:aws:iam::123456789012:role/machine"]
    named_alarms_composite     = true
  }

  assert {
    condition     = !strcontains(output.policies["sagemaker-execution"], "alarm:basket-value") && !strcontains(lower(output.policies["staging"]), "alarm")
    error_message = "A composite alarm is shown to who may look at all, and only prod is guarded."
  }

  assert {
    condition     = strcontains(output.policies["bot-task-who"], "role/machine") && strcontains(output.policies["bot-task-who"], "ecs-tasks.amazonaws.com") && !strcontains(output.policies["prod-who"], "role/machine")
    error_message = "A bot elsewhere takes on the bot's role, and from there prod's; never prod's itself."
  }

  assert {
    condition     = strcontains(output.policies["prod"], "DeleteOwnEndpoints")
    error_message = "Switched on, prod can be deleted."
  }

  assert {
    condition     = strcontains(output.policies["operator"], "dynamodb:PutItem") && strcontains(output.policies["table"], "user/data-science-user")
    error_message = "Switched on, the operator may append, for IAM and for the table."
  }

  assert {
    condition     = length(regexall("role/break-glass", output.policies["table"])) == 2
    error_message = "Breaking the glass is allowed for both kinds of change."
  }
}

run "with_names_of_others" {
  command = plan

  variables {
    prefix = "another-"
    services = {
      survival = { model_package_group = "Titanic-Survival", staging_endpoint = "SurvivalTrial", prod_endpoint = "SurvivalLive" }
    }
  }

  assert {
    condition = alltrue([
      for name in ["Titanic-Survival", "SurvivalTrial", "SurvivalLive"] :
      !strcontains(join("", values(output.policies)), name) && strcontains(join("", values(output.policies)), lower(name))
    ])
    error_message = "SageMaker writes names in lower case into ARNs, and policies are compared with those."
  }

  assert {
    condition     = strcontains(output.policies["bot-execution"], "secret:another/bot/*") && strcontains(output.policies["bot-execution"], "log-group:/another/bot:") && strcontains(output.policies["inference-api-task"], "secret:another/inference-api/*")
    error_message = "Secrets and logs are those of the prefix."
  }
}
