# The bot on Fargate: two tasks that nothing can reach from outside.

locals {
  name = "${var.prefix}bot"
  # Of secrets and logs, whose names have slashes; as in the module iam.
  folder = trimsuffix(var.prefix, "-")
  port   = 3000
  http   = var.delivery == "http"
  # The order is kept, because the task definition would differ otherwise.
  secrets = local.http ? ["slack-bot-token", "slack-signing-secret"] : ["slack-app-token", "slack-bot-token"]
  actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
}

resource "aws_ecr_repository" "bot" {
  name                 = local.name
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

# Values are put in by hand (see the README), so that they never stand in a state.
resource "aws_secretsmanager_secret" "slack" {
  for_each                = toset(local.secrets)
  name                    = "${local.folder}/bot/${each.value}"
  description             = "Read by ECS when a task of the bot starts"
  recovery_window_in_days = var.secret_recovery_days
}

resource "aws_cloudwatch_log_group" "bot" {
  name              = "/${local.folder}/bot"
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_cluster" "bot" {
  name = local.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "bot" {
  count                    = var.image == null ? 0 : 1
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  task_role_arn            = var.task_role_arn
  execution_role_arn       = var.execution_role_arn

  runtime_platform {
    cpu_architecture        = var.cpu_architecture
    operating_system_family = "LINUX"
  }

  container_definitions = jsonencode([{
    name      = "bot"
    image     = var.image
    essential = true
    user      = "1000:1000"
    # Nothing is written: the record is in DynamoDB, logs go to stdout.
    readonlyRootFilesystem = true
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    portMappings           = [{ containerPort = local.port, hostPort = local.port, protocol = "tcp" }]
    environment = [for key, value in merge(var.environment, {
      AWS_REGION = var.region
      PORT       = tostring(local.port)
    }) : { name = key, value = value }]
    secrets = [for name in local.secrets : {
      name      = upper(replace(name, "-", "_"))
      valueFrom = aws_secretsmanager_secret.slack[name].arn
    }]
    # Alive, not ready: a bot that waits for Slack must not be killed for it. The load balancer asks the same.
    healthCheck = {
      command     = ["CMD", "node", "-e", "fetch('http://127.0.0.1:${local.port}/healthz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
      interval    = 15
      timeout     = 5
      retries     = 3
      startPeriod = 30
    }
    # The bot finishes or withdraws its own calls within 40 s of SIGTERM.
    stopTimeout = 60
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.bot.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "bot"
      }
    }
  }])
}

resource "aws_ecs_service" "bot" {
  count                              = var.image == null ? 0 : 1
  name                               = local.name
  cluster                            = aws_ecs_cluster.bot.id
  task_definition                    = aws_ecs_task_definition.bot[0].arn
  desired_count                      = var.desired_count
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = 50
  deployment_maximum_percent         = 200
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = local.http ? 60 : null

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.bot.id]
    assign_public_ip = var.assign_public_ip
  }

  dynamic "load_balancer" {
    for_each = aws_lb_target_group.bot
    content {
      target_group_arn = load_balancer.value.arn
      container_name   = "bot"
      container_port   = local.port
    }
  }

  depends_on = [aws_lb_listener.bot]
}
