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
  region             = "eu-west-1"
  endpoint_name      = "titanic-survival-prod"
  image              = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/titanic-inference-api:0.1.0"
  vpc_id             = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0a", "subnet-0b"]
  lb_subnet_ids      = ["subnet-0a", "subnet-0b"]
  allowed_cidrs      = ["10.0.0.0/8"]
  certificate_arn    = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  task_role_arn      = "arn:aws:iam::123456789012:role/titanic-inference-api-task"
  execution_role_arn = "arn:aws:iam::123456789012:role/titanic-inference-api-execution"
}

run "is_internal_and_waits_longer_than_the_model" {
  command = plan
  module {
    source = "./modules/inference-api"
  }

  assert {
    condition     = aws_lb.api.internal && aws_lb.api.idle_timeout > 70
    error_message = "SageMaker's 60 s, and the socket's 70 s, end before the load balancer's."
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.lb_https : rule.cidr_ipv4] == ["10.0.0.0/8"]
    error_message = "Only those who were named may call."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.api_from_lb.cidr_ipv4 == null && length(aws_wafv2_web_acl.api) == 0 && length(aws_vpc_endpoint.sagemaker_runtime) == 0
    error_message = "Tasks are called by the load balancer only; what is optional is not there."
  }
}

run "takes_the_private_link_alone" {
  command = apply
  module {
    source = "./modules/inference-api"
  }
  override_resource {
    target = aws_lb_target_group.api
    values = {
      arn        = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/titanic-inference-api/0123456789abcdef"
      arn_suffix = "targetgroup/titanic-inference-api/0123456789abcdef"
    }
  }
  override_resource {
    target = aws_lb.api
    values = {
      arn        = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/titanic-inference-api/0123456789abcdef"
      arn_suffix = "app/titanic-inference-api/0123456789abcdef"
    }
  }
  override_resource {
    target = aws_lb_listener.api
    values = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/titanic-inference-api/0123456789abcdef/0123456789abcdef" }
  }
  override_resource {
    target = aws_appautoscaling_policy.latency
    values = { arn = "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:0123" }
  }
  override_resource {
    target = aws_vpc_endpoint.sagemaker_runtime
    values = { dns_entry = [{ dns_name = "vpce-0a-0b.runtime.sagemaker.eu-west-1.vpce.amazonaws.com", hosted_zone_id = "Z" }] }
  }
  variables {
    private_link_endpoint_arns = ["arn:aws:sagemaker:eu-west-1:123456789012:endpoint/titanic-survival-prod"]
  }

  assert {
    condition     = !aws_vpc_endpoint.sagemaker_runtime[0].private_dns_enabled
    error_message = "Whoever else is in the network, such as the bot with its smoke tests, must not be led into the link."
  }

  assert {
    condition = [
      for one in jsondecode(aws_ecs_task_definition.api[0].container_definitions)[0].environment : one.value
      if one.name == "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"
    ] == ["https://vpce-0a-0b.runtime.sagemaker.eu-west-1.vpce.amazonaws.com"]
    error_message = "The API is told the link's own name."
  }
}

run "can_have_a_firewall_and_a_private_link" {
  command = plan
  module {
    source = "./modules/inference-api"
  }
  variables {
    waf_requests_per_five_minutes = 2000
    private_link_endpoint_arns    = ["arn:aws:sagemaker:eu-west-1:123456789012:endpoint/titanic-survival-prod"]
  }

  assert {
    condition     = aws_vpc_endpoint.sagemaker_runtime[0].service_name == "com.amazonaws.eu-west-1.sagemaker.runtime" && length(aws_wafv2_web_acl_association.api) == 1
    error_message = "Both are made when asked for."
  }
}

run "takes_keys_from_its_secret" {
  command = plan
  module {
    source = "./modules/inference-api"
  }

  assert {
    condition = {
      for one in jsondecode(aws_ecs_task_definition.api[0].container_definitions)[0].environment : one.name => one.value
      if startswith(one.name, "INFERENCE_API_AUTH") || startswith(one.name, "INFERENCE_API_KEYS")
    } == { INFERENCE_API_AUTH = "api-keys", INFERENCE_API_KEYS_SECRET = "titanic/inference-api/api-keys" }
    error_message = "By default callers prove themselves by keys of the module's own secret."
  }
}

run "names_no_secret_that_has_no_effect_with_oidc" {
  command = plan
  module {
    source = "./modules/inference-api"
  }
  variables {
    environment = {
      INFERENCE_API_AUTH          = "oidc"
      INFERENCE_API_OIDC_ISSUER   = "https://login.example.com"
      INFERENCE_API_OIDC_AUDIENCE = "titanic"
    }
  }

  assert {
    condition = [
      for one in jsondecode(aws_ecs_task_definition.api[0].container_definitions)[0].environment : one.value
      if one.name == "INFERENCE_API_AUTH"
    ] == ["oidc"] && !strcontains(aws_ecs_task_definition.api[0].container_definitions, "INFERENCE_API_KEYS")
    error_message = "The API refuses to start with keys that have no effect."
  }
}

run "names_no_secret_beside_a_file" {
  command = plan
  module {
    source = "./modules/inference-api"
  }
  variables {
    environment = { INFERENCE_API_KEYS_FILE = "/keys/api-keys.json" }
  }

  assert {
    condition     = !strcontains(aws_ecs_task_definition.api[0].container_definitions, "INFERENCE_API_KEYS_SECRET")
    error_message = "The API refuses to start with two sources of keys."
  }
}

run "refuses_to_guess_who_may_call" {
  command = plan
  module {
    source = "./modules/inference-api"
  }
  variables {
    allowed_cidrs = []
  }
  expect_failures = [var.allowed_cidrs]
}

run "refuses_less_at_most_than_at_least" {
  command = plan
  module {
    source = "./modules/inference-api"
  }
  variables {
    capacity = { min = 4, max = 2 }
  }
  expect_failures = [var.capacity]
}

run "is_told_apart_by_its_prefix" {
  command = plan
  module {
    source = "./modules/inference-api"
  }
  variables {
    prefix = "titanic-of-another-"
  }

  assert {
    condition     = aws_secretsmanager_secret.api_keys.name == "titanic-of-another/inference-api/api-keys" && aws_cloudwatch_log_group.api.name == "/titanic-of-another/inference-api"
    error_message = "Secrets and logs of two installations do not meet."
  }
}

run "refuses_a_prefix_that_makes_the_load_balancer_s_name_too_long" {
  command = plan
  module {
    source = "./modules/inference-api"
  }
  variables {
    prefix = "titanic-of-another-x-"
  }
  expect_failures = [var.prefix]
}
