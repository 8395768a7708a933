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
  image              = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/titanic-bot:0.1.0"
  vpc_id             = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0a", "subnet-0b"]
  task_role_arn      = "arn:aws:iam::123456789012:role/titanic-bot-task"
  execution_role_arn = "arn:aws:iam::123456789012:role/titanic-bot-execution"
}

run "is_open_to_nobody_in_socket_mode" {
  command = plan
  module {
    source = "./modules/bot"
  }

  assert {
    condition     = length(aws_lb.bot) == 0 && length(aws_vpc_security_group_ingress_rule.bot_from_lb) == 0
    error_message = "Nothing leads in."
  }

  assert {
    condition     = toset(keys(aws_secretsmanager_secret.slack)) == toset(["slack-app-token", "slack-bot-token"])
    error_message = "Socket Mode needs no signing secret."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.pulse :
      alarm.treat_missing_data == "breaching" && alarm.metric_name == aws_cloudwatch_log_metric_filter.pulse[trimprefix(alarm.alarm_name, "titanic-bot-")].metric_transformation[0].name
    ]) && toset(keys(aws_cloudwatch_metric_alarm.pulse)) == toset(["announcer-behind", "intent-open", "not-ready"])
    error_message = "Readiness, open intents and Slack's lag have an alarm, in Socket Mode too, and a silent bot sets it off."
  }

  assert {
    condition     = alltrue([for filter in aws_cloudwatch_log_metric_filter.pulse : filter.metric_transformation[0].default_value == null])
    error_message = "A default would make a silent bot look like a fine one."
  }

  assert {
    condition     = aws_ecs_service.bot[0].desired_count == 2 && aws_ecs_service.bot[0].deployment_circuit_breaker[0].rollback
    error_message = "Two bots, and a bad release goes back by itself."
  }
}

run "is_reached_through_a_load_balancer_over_http" {
  command = apply
  module {
    source = "./modules/bot"
  }
  override_resource {
    target = aws_lb_target_group.bot
    values = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/titanic-bot/0123456789abcdef" }
  }
  override_resource {
    target = aws_lb.bot
    values = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/titanic-bot/0123456789abcdef" }
  }
  override_resource {
    target = aws_lb_listener.bot
    values = { arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/titanic-bot/0123456789abcdef/0123456789abcdef" }
  }
  variables {
    delivery = "http"
    http = {
      certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
      subnet_ids      = ["subnet-0c", "subnet-0d"]
    }
    alarm_topic_arn = "arn:aws:sns:eu-west-1:123456789012:titanic-alarms"
  }

  assert {
    condition     = aws_lb_listener.bot[0].default_action[0].fixed_response[0].status_code == "404"
    error_message = "Only what Slack calls is let through."
  }

  assert {
    condition     = aws_lb_target_group.bot[0].health_check[0].path == "/healthz"
    error_message = "ECS ends what the load balancer calls unhealthy; a bot that only waits for Slack must not be."
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.bot[0].container_definitions) :
      container.readonlyRootFilesystem && container.user == "1000:1000" && container.stopTimeout > 40
    ])
    error_message = "Read-only, nobody in particular, and time to finish what is under way."
  }
}

run "makes_the_repository_before_there_is_an_image" {
  command = plan
  module {
    source = "./modules/bot"
  }
  variables {
    image = null
  }

  assert {
    condition     = length(aws_ecs_service.bot) == 0 && length(aws_cloudwatch_metric_alarm.pulse) == 0 && aws_ecr_repository.bot.image_tag_mutability == "IMMUTABLE"
    error_message = "No tasks without an image, and a tag never moves."
  }
}

run "refuses_an_image_that_moves" {
  command = plan
  module {
    source = "./modules/bot"
  }
  variables {
    image = "titanic-bot:latest"
  }
  expect_failures = [var.image]
}

run "refuses_a_token_in_plain_sight" {
  command = plan
  module {
    source = "./modules/bot"
  }
  variables {
    environment = { SLACK_BOT_TOKEN = "x" }
  }
  expect_failures = [var.environment]
}

run "refuses_a_log_that_alarms_cannot_read" {
  command = plan
  module {
    source = "./modules/bot"
  }
  variables {
    environment = { LOG_LEVEL = "warn" }
  }
  expect_failures = [var.environment]
}

run "refuses_http_without_a_certificate" {
  command = plan
  module {
    source = "./modules/bot"
  }
  variables {
    delivery = "http"
  }
  expect_failures = [var.http]
}

run "is_told_apart_by_its_prefix" {
  command = plan
  module {
    source = "./modules/bot"
  }
  variables {
    prefix = "titanic-of-another-xy-"
  }

  assert {
    condition     = aws_secretsmanager_secret.slack["slack-bot-token"].name == "titanic-of-another-xy/bot/slack-bot-token" && aws_cloudwatch_log_group.bot.name == "/titanic-of-another-xy/bot"
    error_message = "Secrets and logs of two installations do not meet."
  }
}
