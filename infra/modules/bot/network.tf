resource "aws_security_group" "bot" {
  name        = local.name
  description = "The bot: calls out, is called by nobody but its load balancer"
  vpc_id      = var.vpc_id
}

# Slack and AWS both move between addresses, so the port is what can be limited.
resource "aws_vpc_security_group_egress_rule" "bot_https" {
  security_group_id = aws_security_group.bot.id
  description       = "Slack and AWS"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

# --- only for delivery over HTTP ---

resource "aws_security_group" "lb" {
  count       = local.http ? 1 : 0
  name        = "${local.name}-lb"
  description = "Load balancer of the bot: open to Slack, whose addresses are not published"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "lb_https" {
  count             = local.http ? 1 : 0
  security_group_id = aws_security_group.lb[0].id
  description       = "Slack; each request is checked by its signature"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "lb_to_bot" {
  count                        = local.http ? 1 : 0
  security_group_id            = aws_security_group.lb[0].id
  description                  = "The bot"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.bot.id
}

resource "aws_vpc_security_group_ingress_rule" "bot_from_lb" {
  count                        = local.http ? 1 : 0
  security_group_id            = aws_security_group.bot.id
  description                  = "Its load balancer"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.lb[0].id
}

resource "aws_lb" "bot" {
  count                      = local.http ? 1 : 0
  name                       = local.name
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.lb[0].id]
  subnets                    = var.http.subnet_ids
  drop_invalid_header_fields = true
  enable_deletion_protection = var.http.deletion_protection
}

resource "aws_lb_target_group" "bot" {
  count                = local.http ? 1 : 0
  name                 = local.name
  port                 = local.port
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = var.vpc_id
  deregistration_delay = 30

  # Alive, not ready: ECS ends what its load balancer calls unhealthy, and a bot that waits for Slack or for the table
  # must go on with what was begun.
  health_check {
    path                = "/healthz"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "bot" {
  count             = local.http ? 1 : 0
  load_balancer_arn = aws_lb.bot[0].arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.http.certificate_arn

  # Only what Slack calls is let through; health and metrics stay inside.
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "slack" {
  count        = local.http ? 1 : 0
  listener_arn = aws_lb_listener.bot[0].arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/slack/events"]
    }
  }

  condition {
    http_request_method {
      values = ["POST"]
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.bot[0].arn
  }
}
